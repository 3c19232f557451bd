#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/out.h"
#include "record/near_miss.h"

/* What is found: slips and what is unclear, each with its byte. Nothing found: the record is sound. */
static const struct {
	enum record_kind kind;
	const char *text,
	    *after; /* NULL: the text does not mean to be such a record; "": what was meant cannot be told */
	const char *found;
} rows[] = {
	{ RECORD_SPF, "v=spf1 include:_spf.example.com ip4:192.0.2.1 -all",
	    "v=spf1 include:_spf.example.com ip4:192.0.2.1 -all", "" },
	{ RECORD_SPF, "\"v=spf1 include:_spf.esp.example ip4:198.51.100.7 -all\"",
	    "v=spf1 include:_spf.esp.example ip4:198.51.100.7 -all", "quotes@0" },
	{ RECORD_SPF, "“v=spf1 ip4:192.0.2.25 -all”", "v=spf1 ip4:192.0.2.25 -all", "quotes@0" },
	{ RECORD_SPF, " v=spf1 mx -all", "v=spf1 mx -all", "leading-blank@0" },
	{ RECORD_SPF, "v=spf1 mx -all", "v=spf1 mx -all", "" },
	{ RECORD_SPF, "　v=spf1　mx　-all", "v=spf1 mx -all", "foreign-blank@0" },
	{ RECORD_SPF, "spf1 mx -all", "v=spf1 mx -all", "version@0" },
	{ RECORD_SPF, "v=spf mx -all", "v=spf1 mx -all", "version@0" },
	{ RECORD_SPF, "v=spf1ip4:192.0.2.1 -all", "v=spf1 ip4:192.0.2.1 -all", "separator-missing@6" },
	{ RECORD_SPF, "v=spf1-all", "v=spf1 -all", "separator-missing@6" },
	{ RECORD_SPF, "v:spf1 mx -all", "v=spf1 mx -all", "version@0" },
	{ RECORD_SPF, "v= spf1 mx ~all", "v=spf1 mx ~all", "version@0" },
	{ RECORD_SPF, "v=spf1, mx, ip4:192.0.2.1, -all", "v=spf1 mx ip4:192.0.2.1 -all",
	    "separator-wrong@6 separator-wrong@10 separator-wrong@25" },
	{ RECORD_SPF, "v=spf1;mx;-all;", "v=spf1 mx -all", "separator-wrong@6 separator-wrong@9 separator-wrong@14" },
	{ RECORD_SPF, "example.jp. 3600 IN TXT \"v=spf1 mx -all\"", "v=spf1 mx -all", "quotes@24 pasted@0" },
	{ RECORD_SPF, "( \"v=spf1 mx -all\" )", "v=spf1 mx -all", "quotes@2 pasted@0" },
	{ RECORD_SPF, "v=spf1 mx -all 3600", "v=spf1 mx -all", "pasted@15" },
	{ RECORD_SPF, "v=spf1 mx~all", "v=spf1 mx ~all", "separator-missing@9" },
	{ RECORD_SPF, "v=spf1 ip4: 192.0.2.25 -all", "v=spf1 ip4:192.0.2.25 -all", "stray-blank@7" },
	{ RECORD_SPF, "v=spf1 ip4:192.0.2.25 –all", "v=spf1 ip4:192.0.2.25 -all", "dash@22" },
	{ RECORD_SPF, "v=spf1 ip4:192.0.2.25 ~ all", "v=spf1 ip4:192.0.2.25 ~all", "stray-blank@22" },
	{ RECORD_SPF, "v=spf1 include=_spf.esp.example -all", "v=spf1 include:_spf.esp.example -all", "sign@7" },
	{ RECORD_SPF, "v=spf1 ip4=192.0.2.1 -all", "v=spf1 ip4:192.0.2.1 -all", "sign@7" },
	{ RECORD_SPF, "v=spf1 a:192.0.2.1 -all", "v=spf1 ip4:192.0.2.1 -all", "value@7" },
	{ RECORD_SPF, "v=spf1 192.0.2.1 2001:db8::1 -all", "v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 -all",
	    "value@7 value@17" },
	{ RECORD_SPF, "v=spf1 ip4:192.0.2.1,192.0.2.2 -all", "v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 -all",
	    "separator-wrong@20 value@21" },
	{ RECORD_SPF, "v=spf1 include:_spf.a.example,_spf.b.example -all",
	    "v=spf1 include:_spf.a.example include:_spf.b.example -all", "separator-wrong@29 value@30" },
	{ RECORD_SPF, "v=spf1 include:_spf.a.example-all", "v=spf1 include:_spf.a.example -all",
	    "separator-missing@29" },
	{ RECORD_SPF, "v=spf1 include:_spf.a.exampleinclude:_spf.b.example ~all",
	    "v=spf1 include:_spf.a.example include:_spf.b.example ~all", "separator-missing@29" },
	{ RECORD_SPF, "v=spf1 ip4:192.0.2.1ip4:192.0.2.2 ~all", "v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 ~all",
	    "separator-missing@20" },
	{ RECORD_SPF, "v=spf1 ip4:2001:db8::/32 ip6:192.0.2.1 -all", "v=spf1 ip6:2001:db8::/32 ip4:192.0.2.1 -all",
	    "value@7 value@25" },
	{ RECORD_SPF, "v=spf1 ip4:mail.example.jp -all", "v=spf1 a:mail.example.jp -all", "value@7" },
	{ RECORD_SPF, "v=spf1 mail.example.jp -all", "", "unclear@7" },
	{ RECORD_SPF, "v=spf1 ip4:192.0.2.0/255.255.255.0 -all", "v=spf1 ip4:192.0.2.0/24 -all", "value@7" },
	{ RECORD_SPF, "v=spf1 ip4:192.0.2.300 -all", "", "unclear@7" },
	{ RECORD_SPF, "v=spf1 ip4:192.0.2 -all", "", "unclear@7" },
	{ RECORD_SPF, "v=spf1 include:https://_spf.a.example/ -all", "v=spf1 include:_spf.a.example -all", "value@7" },
	{ RECORD_SPF, "v=spf1 include _spf.a.example ip4 192.0.2.1 -all",
	    "v=spf1 include:_spf.a.example ip4:192.0.2.1 -all", "stray-blank@7 stray-blank@30" },
	{ RECORD_SPF, "v=spf1 mx -all v=spf1 include:_spf.a.example ~all", "v=spf1 mx include:_spf.a.example ~all",
	    "version-late@15" },
	{ RECORD_SPF, "v=spf1 ipv4:192.0.2.1 redirect:_spf.a.example", "v=spf1 ip4:192.0.2.1 redirect=_spf.a.example",
	    "name@7 sign@22" },
	{ RECORD_SPF, "spf-verification=abc", NULL, "" },
	{ RECORD_SPF, "spf2.0/pra mx -all", NULL, "" },
	{ RECORD_SPF, "ip4:192.0.2.1 mx -all", "v=spf1 ip4:192.0.2.1 mx -all", "version-missing@0" },
	{ RECORD_SPF, "google-site-verification=abc", NULL, "" },
	{ RECORD_SPF, "v=spf1 exists:%{i}._spf.%{d} include:%{ir}.%{v}.%{d}.spf.has.example ~all",
	    "v=spf1 exists:%{i}._spf.%{d} include:%{ir}.%{v}.%{d}.spf.has.example ~all", "" },
	{ RECORD_SPF, "v=spf1 ip4:192.0.2.1. -all.", "v=spf1 ip4:192.0.2.1 -all", "value@7 value@22" },
	{ RECORD_SPF, "v=spf1 --all", "v=spf1 -all", "value@7" },
	{ RECORD_SPF, "V=SPF1 MX -ALL", "V=SPF1 MX -ALL", "" },
	{ RECORD_SPF, "v=spf1 \\\"mx\\\" -all", "v=spf1 mx -all", "backslash@7 quotes@8" },
	{ RECORD_SPF, "v=spf1 ip4:192.0.2.1 \" \"-all", "v=spf1 ip4:192.0.2.1 -all", "quotes@21" },
	{ RECORD_SPF, "v=spf1 ip4:192.0.2.1 foo=bar -all", "v=spf1 ip4:192.0.2.1 foo=bar -all", "" },
	{ RECORD_SPF, "v=spf1 ip4:192.0.2.1/33 -all", "", "unclear@7" },
	{ RECORD_SPF, "v=spf1 mx include:_spf.google.com~all", "v=spf1 mx include:_spf.google.com ~all",
	    "separator-missing@33" },
	{ RECORD_SPF, "v=spf1 a mx ip4:192.0.2.1?all", "v=spf1 a mx ip4:192.0.2.1 ?all", "separator-missing@25" },
	{ RECORD_SPF, "v=spf1　ip4：192.0.2.1　－all", "v=spf1 ip4:192.0.2.1 -all",
	    "foreign-blank@6 full-width@12 dash@27" },
	{ RECORD_SPF, "ｖ＝ｓｐｆ１ mx -all", "v=spf1 mx -all", "full-width@0" },
	{ RECORD_SPF, "v=spf1 mx -all ; comment", "", "separator-wrong@15 unclear@17" },
	{ RECORD_SPF, "TXT v=spf1 mx -all", "v=spf1 mx -all", "pasted@0" },
	{ RECORD_SPF, "v=spf1 +ip4:192.0.2.1/24,+ip4:198.51.100.0/24 ~all",
	    "v=spf1 +ip4:192.0.2.1/24 +ip4:198.51.100.0/24 ~all", "separator-wrong@24" },
	{ RECORD_SPF, "v=spf1 ip4:192.0.2.* -all", "v=spf1 ip4:192.0.2.0/24 -all", "value@7" },
	{ RECORD_SPF, "v=spf1 a: mx -all", "v=spf1 a mx -all", "sign@7" },
	{ RECORD_SPF, "v=spf1 mx: -all", "v=spf1 mx -all", "sign@7" },
	{ RECORD_SPF, "v=spf1 include: -all", "", "unclear@7" },
	{ RECORD_SPF, "v=spf1 -all ip4:192.0.2.1", "v=spf1 -all ip4:192.0.2.1", "" },
	{ RECORD_DMARC, "v=DMARC1; p=reject; rua=mailto:a@example.jp", "v=DMARC1; p=reject; rua=mailto:a@example.jp",
	    "" },
	{ RECORD_DMARC, "\"v=DMARC1; p=reject\"", "v=DMARC1; p=reject", "quotes@0" },
	{ RECORD_DMARC, "v=DMARC1 p=reject rua=mailto:dmarc@example.jp",
	    "v=DMARC1; p=reject; rua=mailto:dmarc@example.jp", "separator-missing@9 separator-missing@17" },
	{ RECORD_DMARC, "v=DMARC1, p=reject, rua=mailto:a@example.jp,mailto:b@example.jp",
	    "v=DMARC1; p=reject; rua=mailto:a@example.jp,mailto:b@example.jp", "separator-wrong@8 separator-wrong@18" },
	{ RECORD_DMARC, "v=dmarc1; p=none", "v=DMARC1; p=none", "version@0" },
	{ RECORD_DMARC, "v=DMARC1; p=none; rua=mailto:a@example.jp mailto:b@example.jp",
	    "v=DMARC1; p=none; rua=mailto:a@example.jp,mailto:b@example.jp", "separator-missing@41" },
	{ RECORD_DMARC, "v=DMARC1; p=none; rua=mailto:a@example.jp; mailto:b@example.jp",
	    "v=DMARC1; p=none; rua=mailto:a@example.jp,mailto:b@example.jp", "separator-wrong@41" },
	{ RECORD_DMARC, "v=DMARC1; p=none; rua=a@example.jp", "v=DMARC1; p=none; rua=mailto:a@example.jp", "value@22" },
	{ RECORD_DMARC, "v=DMARC1; p=none; rau=mailto:a@example.jp", "v=DMARC1; p=none; rua=mailto:a@example.jp",
	    "name@18" },
	{ RECORD_DMARC, "v=DMARC1; p:none", "v=DMARC1; p=none", "sign@11" },
	{ RECORD_DMARC, "v:DMARC1; p=none", "v=DMARC1; p=none", "version@0" },
	{ RECORD_DMARC, "DMARC1; p=none", "v=DMARC1; p=none", "version@0" },
	{ RECORD_DMARC, "p=reject; v=DMARC1", "v=DMARC1; p=reject", "version-late@10" },
	{ RECORD_DMARC, "p=none", "v=DMARC1; p=none", "version-missing@0" },
	{ RECORD_DMARC, "v=DMARC1; p=quarentine", "v=DMARC1; p=quarantine", "value@12" },
	{ RECORD_DMARC, "v=DMARC1; p=rejected; sp=yes", "", "value@12 unclear@25" },
	{ RECORD_DMARC, "v=DMARC1; p=none; pct=50%", "v=DMARC1; p=none; pct=50", "value@24" },
	{ RECORD_DMARC, "v=DMARC1; reject", "v=DMARC1; p=reject", "name@10" },
	{ RECORD_DMARC, "v=DMARC1\\; p=none\\; rua=mailto:a@example.jp", "v=DMARC1; p=none; rua=mailto:a@example.jp",
	    "backslash@8" },
	{ RECORD_DMARC, "v=DMARC1p=none", "v=DMARC1; p=none", "separator-missing@8" },
	{ RECORD_DMARC, "_dmarc 3600 IN TXT \"v=DMARC1; p=none\"", "v=DMARC1; p=none", "quotes@19 pasted@0" },
	{ RECORD_DMARC, "v=DMARC1;p=none;adkim=strict", "v=DMARC1; p=none; adkim=s", "value@22" },
	{ RECORD_DMARC, "v=DMARC1; p=none; rua=mailto: a@example.jp", "v=DMARC1; p=none; rua=mailto:a@example.jp",
	    "stray-blank@22" },
	{ RECORD_DMARC, "v=DMARC1; p=none; rua=https://x.example/", "v=DMARC1; p=none; rua=https://x.example/", "" },
	{ RECORD_DMARC, "v=DMARC1；p=none；", "v=DMARC1; p=none", "full-width@8" },
	{ RECORD_DMARC, "v=spf1 -all", NULL, "" },
	{ RECORD_DMARC, "v=DMARC1; p=none; sp=none;", "v=DMARC1; p=none; sp=none;", "" },
	{ RECORD_DMARC, "v=DMARC1; p=none; rua=mailto:a@example.jp!10m, mailto:b@example.jp",
	    "v=DMARC1; p=none; rua=mailto:a@example.jp!10m, mailto:b@example.jp", "" },
	{ RECORD_DKIM_KEY, "v:DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQ==",
	    "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQ==", "version@0" },
	{ RECORD_DKIM_KEY, "v=DKIM1 k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQ==",
	    "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQ==", "separator-missing@8" },
	{ RECORD_DKIM_KEY, "\"v=DKIM1; k=rsa; p=MIGf\" \"MA0GCSqG\"", "v=DKIM1; k=rsa; p=MIGfMA0GCSqG", "quotes@0" },
	{ RECORD_DKIM_KEY, "v=DKIM1; p=", "v=DKIM1; p=", "" },
	{ RECORD_DKIM_KEY, "k=rsa p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQ==",
	    "k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQ==", "separator-missing@5" },
	{ RECORD_DKIM_KEY, "v=DKIM1;; k=rsa; p=AAAA", "v=DKIM1; k=rsa; p=AAAA", "separator-wrong@8" },
	{ RECORD_DKIM_KEY, "v=DKIM1; k:rsa; p=AAAA", "v=DKIM1; k=rsa; p=AAAA", "sign@10" },
	{ RECORD_DKIM_KEY, "v=dkim1; p=AAAA", "v=DKIM1; p=AAAA", "version@0" },
	{ RECORD_DKIM_KEY, "v=DKIM1, k=rsa, p=AAAA", "v=DKIM1; k=rsa; p=AAAA", "separator-wrong@7 separator-wrong@14" },
	{ RECORD_DKIM_KEY, "v=spf1 -all", NULL, "" },
	{ RECORD_DKIM_KEY, "v=DKIM1; n=notes about p=x; p=AAAA", "v=DKIM1; n=notes about p=x; p=AAAA", "" },
	{ RECORD_MTA_STS, "v=STSv1; id=1", "v=STSv1; id=1", "" },
	{ RECORD_MTA_STS, "v=STSv1 id=1", "v=STSv1; id=1", "separator-missing@8" },
	{ RECORD_MTA_STS, "v=STSv1;", "v=STSv1;", "" },
	{ RECORD_TLS_RPT, "v=TLSRPTv1; rua=mailto:a@example.jp", "v=TLSRPTv1; rua=mailto:a@example.jp", "" },
	{ RECORD_TLS_RPT, "v=TLSRPTv1 rua=a@example.jp", "v=TLSRPTv1; rua=mailto:a@example.jp",
	    "separator-missing@11 value@15" },
	{ RECORD_SPF, "v=spf1 a: mx: -all", "v=spf1 a mx -all", "sign@7 sign@10" },
	{ RECORD_SPF, "v=spf1 ip4 :192.0.2.1 -all", "v=spf1 ip4:192.0.2.1 -all", "stray-blank@7" },
	{ RECORD_SPF, "v=spf1 + mx -all", "v=spf1 +mx -all", "stray-blank@7" },
	{ RECORD_SPF, "v=spf1 include : _spf.a.example -all", "v=spf1 include:_spf.a.example -all",
	    "stray-blank@7 stray-blank@7" },
	{ RECORD_SPF, "v=spf1 -all v=spf1 -all", "v=spf1 -all", "version-late@12" },
	{ RECORD_SPF, "v=spf1 include:_spf.a.example;include:_spf.b.example;~all",
	    "v=spf1 include:_spf.a.example include:_spf.b.example ~all", "separator-wrong@29 separator-wrong@52" },
	{ RECORD_SPF, "v=spf1 includes:_spf.a.example incude:_spf.b.example ~all",
	    "v=spf1 include:_spf.a.example include:_spf.b.example ~all", "name@7 name@31" },
	{ RECORD_SPF, "v=spf1 ip4:[192.0.2.1] ip6:[2001:db8::1] ~all", "v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 ~all",
	    "value@7 value@23" },
	{ RECORD_SPF, "v=spf1 mx:192.0.2.1 include:192.0.2.2 ~all", "v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 ~all",
	    "value@7 value@20" },
	{ RECORD_SPF, "v=spf1 ip4:192.0.2.1-192.0.2.9 ~all", "", "unclear@7" },
	{ RECORD_SPF, "v=spf1 ip4:192.0.2.1 /24 -all", "v=spf1 ip4:192.0.2.1/24 -all", "stray-blank@7" },
	{ RECORD_SPF, "v=spf1 al", "", "unclear@7" },
	{ RECORD_SPF, "v=spf1 mx -al", "v=spf1 mx -all", "value@10" },
	{ RECORD_SPF, "v=spf1 mx -alll", "v=spf1 mx -all", "value@10" },
	{ RECORD_SPF, "v=spf1 mx ~all~all", "v=spf1 mx ~all ~all", "separator-missing@14" },
	{ RECORD_SPF, "v=spf1 mx all-", "", "unclear@10" },
	{ RECORD_SPF, "v=spf1 ip:192.0.2.1 -all", "v=spf1 ip4:192.0.2.1 -all", "name@7" },
	{ RECORD_SPF, "v=spf1 ip4:192.0.2.1:25 -all", "", "unclear@7" },
	{ RECORD_SPF, "v=spf1 include:user@a.example -all", "v=spf1 include:user@a.example -all", "" },
	{ RECORD_SPF, "v=spf1 include:_spf.a.example. -all", "v=spf1 include:_spf.a.example. -all", "" },
	{ RECORD_SPF, "vspf1 mx -all", "v=spf1 mx -all", "version@0" },
	{ RECORD_SPF, "v=spf1.0 mx -all", "v=spf1 mx -all", "version@0" },
	{ RECORD_SPF, "v==spf1 mx -all", "v=spf1 mx -all", "version@0" },
	{ RECORD_SPF, "v=spf1 redirect=_spf.a.example.", "v=spf1 redirect=_spf.a.example.", "" },
	{ RECORD_SPF, "v=spf1 redirect = _spf.a.example", "v=spf1 redirect=_spf.a.example",
	    "stray-blank@7 stray-blank@7" },
	{ RECORD_SPF, "v=spf1 redirect _spf.a.example", "v=spf1 redirect=_spf.a.example", "stray-blank@7" },
	{ RECORD_SPF, "v=sfp1 mx -all", "v=spf1 mx -all", "version@0" },
	{ RECORD_SPF, "SPF1 MX -ALL", "v=spf1 MX -ALL", "version@0" },
	{ RECORD_SPF, "=v=spf1 mx -all", NULL, "" },
	{ RECORD_SPF, "'v=spf1 mx -all'", "v=spf1 mx -all", "quotes@0" },
	{ RECORD_SPF, "v=spf1 mx −all", "v=spf1 mx -all", "dash@10" },
	{ RECORD_SPF, "v=spf1 mx 〜all", "v=spf1 mx ~all", "full-width@10" },
	{ RECORD_SPF, "v=spf1 mx ～all", "v=spf1 mx ~all", "full-width@10" },
	{ RECORD_SPF, "v=spf1 \"include:_spf.a.example\" -all", "v=spf1 include:_spf.a.example -all", "quotes@7" },
	{ RECORD_SPF, "v=spf1 a/24//64 mx/24 -all", "v=spf1 a/24//64 mx/24 -all", "" },
	{ RECORD_SPF, "v=spf1 exp=why.%{d} -all", "v=spf1 exp=why.%{d} -all", "" },
	{ RECORD_SPF, "v=spf1 ra=postmaster rp=100 -all", "v=spf1 ra=postmaster rp=100 -all", "" },
	{ RECORD_SPF, "v=spf1", "v=spf1", "" },
	{ RECORD_SPF, "v=spf1 mx,-all", "v=spf1 mx -all", "separator-wrong@9" },
	{ RECORD_SPF, "v=spf1 ip4:192.0.2.0/24ip4:198.51.100.0/24 -all",
	    "v=spf1 ip4:192.0.2.0/24 ip4:198.51.100.0/24 -all", "separator-missing@23" },
	{ RECORD_SPF, "v=spf1 ip4:192.0.2.1,198.51.100.1,include:_spf.a.example -all",
	    "v=spf1 ip4:192.0.2.1 ip4:198.51.100.1 include:_spf.a.example -all",
	    "separator-wrong@20 separator-wrong@33 value@21" },
	{ RECORD_SPF, "v=spf1 a:mail.example.jp,mail2.example.jp -all",
	    "v=spf1 a:mail.example.jp a:mail2.example.jp -all", "separator-wrong@24 value@25" },
	{ RECORD_SPF, "v=spf1 ipv6:2001:db8::1 -all", "v=spf1 ip6:2001:db8::1 -all", "name@7" },
	{ RECORD_SPF, "v=spf1 ip4:192.0.2.1 all", "v=spf1 ip4:192.0.2.1 all", "" },
	{ RECORD_SPF, "v=spf1 include:%{d2}._spf.example -all", "v=spf1 include:%{d2}._spf.example -all", "" },
	{ RECORD_SPF, "v=spf1 exists:%{l},%{d}.a.example -all", "v=spf1 exists:%{l},%{d}.a.example -all", "" },
	{ RECORD_SPF, "v=spf1 ip4:192.0.2.1|ip4:192.0.2.2 -all", "", "separator-missing@21 unclear@7" },
	{ RECORD_SPF, "v=spf1 ip4://192.0.2.1 -all", "v=spf1 ip4:192.0.2.1 -all", "sign@7" },
	{ RECORD_SPF, "v=spf1 include:_spf.a.example +include:_spf.b.example -all",
	    "v=spf1 include:_spf.a.example +include:_spf.b.example -all", "" },
	{ RECORD_SPF, "v=spf1 mx ptr:example.jp -all", "v=spf1 mx ptr:example.jp -all", "" },
	{ RECORD_SPF, "v=spf1 unknown:foo -all", "", "unclear@7" },
	{ RECORD_SPF, "v=spf1 mx?all", "v=spf1 mx ?all", "separator-missing@9" },
	{ RECORD_SPF, "v=spf1 all=-", "", "unclear@7" },
	{ RECORD_SPF, "Hello v=spf1 world", NULL, "" },
	{ RECORD_SPF, "v=spf1 mx -all\t", "v=spf1 mx -all", "foreign-blank@14" },
	{ RECORD_SPF, "v=spf1\tmx\t-all", "v=spf1 mx -all", "foreign-blank@6" },
	{ RECORD_SPF, "@ IN TXT v=spf1 mx -all", "v=spf1 mx -all", "pasted@0" },
	{ RECORD_SPF, "example.jp. IN TXT ( \"v=spf1 mx \" \"-all\" )", "v=spf1 mx -all", "quotes@21 pasted@0" },
	{ RECORD_SPF, "300 \"v=spf1 mx -all\"", "v=spf1 mx -all", "quotes@4 pasted@0" },
	{ RECORD_SPF, "v=spf1 ip4:１９２.0.2.1 -all", "v=spf1 ip4:192.0.2.1 -all", "full-width@11" },
	{ RECORD_SPF,
	    "v=spf1\xe2\x80\x8b"
	    " mx -all",
	    "v=spf1 mx -all", "foreign-blank@6" },
	{ RECORD_SPF,
	    "\xef\xbb\xbf"
	    "v=spf1 mx -all",
	    "v=spf1 mx -all", "foreign-blank@0" },
	{ RECORD_SPF, "«v=spf1 mx -all»", "v=spf1 mx -all", "quotes@0" },
	{ RECORD_DMARC, "“v=DMARC1; p=none”", "v=DMARC1; p=none", "quotes@0" },
	{ RECORD_DMARC, "v=DMARC1; p=none; rua=“mailto:a@example.jp”", "v=DMARC1; p=none; rua=mailto:a@example.jp",
	    "quotes@22" },
	{ RECORD_DMARC, "v=DMARC1 ;p=none", "v=DMARC1 ;p=none", "" },
	{ RECORD_DMARC, "v=DMARC1; p=none, rua=mailto:a@example.jp", "v=DMARC1; p=none; rua=mailto:a@example.jp",
	    "separator-wrong@16" },
	{ RECORD_DMARC, "v=DMARC1; p=none rua=mailto:a@example.jp ruf=mailto:b@example.jp fo=1",
	    "v=DMARC1; p=none; rua=mailto:a@example.jp; ruf=mailto:b@example.jp; fo=1",
	    "separator-missing@16 separator-missing@40 separator-missing@64" },
	{ RECORD_DMARC, "v=DMARC1:p=none", NULL, "" },
	{ RECORD_DMARC, "v=DMARC 1; p=none", "v=DMARC1; p=none", "version@0" },
	{ RECORD_DMARC, "v=DMARC; p=none", "v=DMARC1; p=none", "version@0" },
	{ RECORD_DMARC, "v=DMARC1; p=none; rua=mailto://a@example.jp", "v=DMARC1; p=none; rua=mailto:a@example.jp",
	    "value@22" },
	{ RECORD_DMARC, "v=DMARC1; p=none; rua:mailto:a@example.jp", "v=DMARC1; p=none; rua=mailto:a@example.jp",
	    "sign@21" },
	{ RECORD_DMARC, "v=DMARC1; p=none; rua=mailto:a@example.jp;b@example.jp",
	    "v=DMARC1; p=none; rua=mailto:a@example.jp,mailto:b@example.jp", "separator-wrong@41 value@42" },
	{ RECORD_DMARC, "v=DMARC1; p=none; rua=mailto:a@example.jp,b@example.jp",
	    "v=DMARC1; p=none; rua=mailto:a@example.jp,mailto:b@example.jp", "value@42" },
	{ RECORD_DMARC, "v=DMARC1; p=none; rua = mailto:a@example.jp", "v=DMARC1; p=none; rua = mailto:a@example.jp",
	    "" },
	{ RECORD_DMARC, "V=DMARC1; P=NONE", "V=DMARC1; P=NONE", "" },
	{ RECORD_DMARC, "v=DMARC1; p=block", "", "unclear@12" },
	{ RECORD_DMARC, "v=DMARC1; p=", "v=DMARC1; p=", "" },
	{ RECORD_DMARC, "v=DMARC1; policy=none", "v=DMARC1; p=none", "name@10" },
	{ RECORD_DMARC, "v=DMARC1; p=none; foo", "", "unclear@18" },
	{ RECORD_DMARC, "v=DMARC1; p=none; pct=100;", "v=DMARC1; p=none; pct=100;", "" },
	{ RECORD_DMARC, "v=DMARC1; p=\"none\"", "v=DMARC1; p=none", "quotes@12" },
	{ RECORD_DMARC, "(v=DMARC1; p=none)", "v=DMARC1; p=none", "pasted@0" },
	{ RECORD_DMARC,
	    "v=DMARC1;p=none;sp=none;rua=mailto:a@example.jp;ruf=mailto:a@example.jp;fo=1:d:s;adkim=r;aspf=r;pct=100;rf=afrf;ri=86400",
	    "v=DMARC1;p=none;sp=none;rua=mailto:a@example.jp;ruf=mailto:a@example.jp;fo=1:d:s;adkim=r;aspf=r;pct=100;rf=afrf;ri=86400",
	    "" },
	{ RECORD_DMARC, "v=DMARC1; p=none; adkim=s aspf=s", "v=DMARC1; p=none; adkim=s; aspf=s",
	    "separator-missing@25" },
	{ RECORD_DMARC, "DMARC1 p=none", "v=DMARC1; p=none", "version@0 separator-missing@7" },
	{ RECORD_DMARC, "v=DMARC1; rua=mailto:a@example.jp", "v=DMARC1; rua=mailto:a@example.jp", "" },
	{ RECORD_DMARC, "v=DMARC1", "v=DMARC1", "" },
	{ RECORD_DMARC, "v=DMARC1; p=none; rua=mailto:a@example.jp; rua=mailto:b@example.jp",
	    "v=DMARC1; p=none; rua=mailto:a@example.jp; rua=mailto:b@example.jp", "" },
	{ RECORD_DMARC, "v=DMARC2; p=none", NULL, "" },
	{ RECORD_DMARC, "v=DMARC10; p=none", NULL, "" },
	{ RECORD_DMARC, "google-site-verification=p=none", NULL, "" },
	{ RECORD_DMARC, "p=none; rua=mailto:a@example.jp", "v=DMARC1; p=none; rua=mailto:a@example.jp",
	    "version-missing@0" },
	{ RECORD_DMARC, "rua=mailto:a@example.jp; p=none; v=DMARC1", NULL, "" },
	{ RECORD_DMARC, "v=DMARC1; p= quarantine", "v=DMARC1; p= quarantine", "" },
	{ RECORD_DMARC, "v=DMARC1;p=quarantine;pct=20;rua=mailto:a@example.jp,mailto:b@example.jp!10m",
	    "v=DMARC1;p=quarantine;pct=20;rua=mailto:a@example.jp,mailto:b@example.jp!10m", "" },
	{ RECORD_DMARC, "v=DMARC1; p=none; rua=a@example.jp, b@example.jp",
	    "v=DMARC1; p=none; rua=mailto:a@example.jp,mailto:b@example.jp", "value@22 value@36" },
	{ RECORD_DMARC, "v=DMARC1; p = none ; rua = a@example.jp", "v=DMARC1; p=none; rua=mailto:a@example.jp",
	    "value@27" },
	{ RECORD_DKIM_KEY, "v=DKIM1; p=-----BEGIN PUBLIC KEY-----MIGf-----END PUBLIC KEY-----", "v=DKIM1; p=MIGf",
	    "pasted@11" },
	{ RECORD_DKIM_KEY, "DKIM1; p=AAAA", "v=DKIM1; p=AAAA", "version@0" },
	{ RECORD_DKIM_KEY, "v=DKIM1\\; k=rsa\\; p=AAAA", "v=DKIM1; k=rsa; p=AAAA", "backslash@7" },
	{ RECORD_DKIM_KEY, "“v=DKIM1; p=AAAA”", "v=DKIM1; p=AAAA", "quotes@0" },
	{ RECORD_DKIM_KEY, "v=DKIM1 p=AAAA", "v=DKIM1; p=AAAA", "separator-missing@8" },
	{ RECORD_DKIM_KEY, "v=DKIM1;k=rsa;p=AAAA;", "v=DKIM1;k=rsa;p=AAAA;", "" },
	{ RECORD_DKIM_KEY, "v=DKIM1; k=rsa p=AAAA", "v=DKIM1; k=rsa; p=AAAA", "separator-missing@14" },
	{ RECORD_DKIM_KEY, "v=DKIM1; k=rsa, p=AAAA", "v=DKIM1; k=rsa; p=AAAA", "separator-wrong@14" },
	{ RECORD_DKIM_KEY, "k=rsa; t=s; p=AAAA", "k=rsa; t=s; p=AAAA", "" },
	{ RECORD_DKIM_KEY, "v=DKIM1; h=sha256; t=y:s; p=AAAA s=email", "v=DKIM1; h=sha256; t=y:s; p=AAAA; s=email",
	    "separator-missing@32" },
	{ RECORD_DKIM_KEY, "v=DKIM1; p=AAAA BBBB CCCC", "v=DKIM1; p=AAAA BBBB CCCC", "" },
	{ RECORD_DKIM_KEY, "p=AAAA; v=DKIM1", "v=DKIM1; p=AAAA", "version-late@8" },
	{ RECORD_DKIM_KEY, "sel._domainkey IN TXT ( \"v=DKIM1; p=AA\" \"AA\" )", "v=DKIM1; p=AAAA",
	    "quotes@24 pasted@0" },
	{ RECORD_DKIM_KEY, "v=DKIM1; key=AAAA", "v=DKIM1; p=AAAA", "name@9" },
	{ RECORD_MTA_STS, "v=STS1; id=1", "v=STSv1; id=1", "version@0" },
	{ RECORD_MTA_STS, "v=STSv1, id=20240101", "v=STSv1; id=20240101", "separator-wrong@7" },
	{ RECORD_MTA_STS, "\"v=STSv1; id=1\"", "v=STSv1; id=1", "quotes@0" },
	{ RECORD_MTA_STS, "v=STSv1; id:1", "v=STSv1; id=1", "sign@11" },
	{ RECORD_MTA_STS, "id=1", NULL, "" },
	{ RECORD_TLS_RPT, "v=TLSRPTv1; rua=a@example.jp", "v=TLSRPTv1; rua=mailto:a@example.jp", "value@16" },
	{ RECORD_TLS_RPT, "v=TLSRPT1; rua=mailto:a@example.jp", "v=TLSRPTv1; rua=mailto:a@example.jp", "version@0" },
	{ RECORD_TLS_RPT, "v=TLSRPTv1;rua=https://x.example/r", "v=TLSRPTv1;rua=https://x.example/r", "" },
};

static void
put_found(struct out *out, const struct near_miss *m)
{
	for (size_t i = 0; i < m->n_slips; i++) {
		out_str(out, i > 0 ? " " : "");
		out_str(out, slip_token(m->slips[i].slip));
		out_char(out, '@');
		out_number(out, m->slips[i].at);
	}
	if (m->unclear.len == 0)
		return;
	out_str(out, m->n_slips > 0 ? " unclear@" : "unclear@");
	out_number(out, m->unclear_at);
}

static void
what_is_almost_right_is_mended_or_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena arena = { 0 };
		struct out found = { 0 };
		struct near_miss m;
		const bool is = near_miss_read(&arena, rows[i].kind, span_of(rows[i].text), &m);

		put_found(&found, &m);
		if (is != (rows[i].after != NULL) ||
		    (is &&
			(!span_equal(m.after, span_of(rows[i].after)) ||
			    !span_equal(out_view(&found), span_of(rows[i].found)))))
			fail_msg("%s: became %.*s (%.*s)", rows[i].text, (int)m.after.len, m.after.at, (int)found.len,
			    found.len > 0 ? found.at : "");
		out_deinit(&found);
		arena_deinit(&arena);
	}
}

/* What was mended needs no mending. */
static void
a_mended_record_is_sound(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena arena = { 0 };
		struct near_miss m;

		if (rows[i].after != NULL && rows[i].after[0] != '\0' &&
		    (!near_miss_read(&arena, rows[i].kind, span_of(rows[i].after), &m) || m.n_slips > 0))
			fail_msg("%s: not sound after all: %s", rows[i].text, rows[i].after);
		arena_deinit(&arena);
	}
}

static void
a_slip_shows_what_stood_there_and_what_was_meant(void **state)
{
	struct arena arena = { 0 };
	struct near_miss m;

	(void)state;
	assert_true(near_miss_read(&arena, RECORD_SPF, span_of("v=spf1 ip4: 192.0.2.25 -all"), &m));
	assert_true(span_equal(m.slips[0].seen, span_of("ip4: 192.0.2.25")));
	assert_true(span_equal(m.slips[0].meant, span_of("ip4:192.0.2.25")));
	arena_deinit(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_almost_right_is_mended_or_named),
		cmocka_unit_test(a_mended_record_is_sound),
		cmocka_unit_test(a_slip_shows_what_stood_there_and_what_was_meant),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
