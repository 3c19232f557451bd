"""Busy logs of every format beside Postfix: one message in ten fails, with Google's words. write(path, name, size)"""
import json
import random

REPLY = ["550-5.1.1 The email account that you tried to reach does not exist. Please try",
         "550-5.1.1 double-checking the recipient's email address for typos or",
         "550 5.1.1  https://support.google.com/mail/?p=NoSuchUser {id} - gsmtp"]
ALPHABET = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"


def exim(m, id_, n, fails):
    mid = f"1{id_[:5]}-00000{id_[5:11]}-{id_[11:15]}"
    at = f"2026-11-23 {m // 3600 % 24:02}:{m // 60 % 60:02}:{m % 60:02}"
    said = "\\n".join(REPLY).format(id=id_)
    yield f"{at} {mid} <= info{n}@example.jp H=app.example.jp [192.0.2.80] P=esmtps X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=no S={3000 + n} id={m}.{id_}@example.jp"
    host = "H=gmail-smtp-in.l.google.com [142.251.8.27] X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=yes"
    yield (f"{at} {mid} ** user{m}@gmail.com R=dnslookup T=remote_smtp {host}: SMTP error from remote mail server after RCPT TO:<user{m}@gmail.com>: {said}"
           if fails else f"{at} {mid} => user{m}@gmail.com R=dnslookup T=remote_smtp {host} C=\"250 2.0.0 OK {id_} - gsmtp\"")
    yield f"{at} {mid} Completed"


def sendmail(m, id_, n, fails):
    at = f"Nov 23 {m // 3600 % 24:02}:{m // 60 % 60:02}:{m % 60:02} mail sendmail[{2000 + n}]: {id_[:14]}: "
    yield f"{at}from=<info{n}@example.jp>, size={3000 + n}, class=0, nrcpts=1, msgid=<{m}.{id_}@example.jp>, proto=ESMTPS, daemon=MTA, relay=app.example.jp [192.0.2.80]"
    yield f"{at}STARTTLS=client, relay=gmail-smtp-in.l.google.com., version=TLSv1.3, verify=OK, cipher=TLS_AES_256_GCM_SHA384, bits=256/256"
    end = "dsn=5.1.1, stat=User unknown" if fails else f"dsn=2.0.0, stat=Sent (OK {id_} - gsmtp)"
    yield f"{at}to=<user{m}@gmail.com>, delay=00:00:02, xdelay=00:00:02, mailer=esmtp, pri=122311, relay=gmail-smtp-in.l.google.com. [142.251.8.27], {end}"


def opensmtpd(m, id_, n, fails):
    at = f"Nov 23 {m // 3600 % 24:02}:{m // 60 % 60:02}:{m % 60:02} mail smtpd[{2000 + n}]: {m:016x}"
    yield f"{at} smtp connected address=192.0.2.80 host=app.example.jp"
    yield f"{at} smtp message msgid={m:08x} size={3000 + n} nrcpt=1 proto=ESMTP"
    yield f"{at} smtp envelope evpid={m:08x}{n:08x} from=<info{n}@example.jp> to=<user{m}@gmail.com>"
    end = f'result="PermFail" stat="{" ".join(REPLY).format(id=id_)}"' if fails else f'result="Ok" stat="250 2.0.0 OK {id_} - gsmtp"'
    yield f'{at} mta delivery evpid={m:08x}{n:08x} from=<info{n}@example.jp> to=<user{m}@gmail.com> rcpt=<-> source="192.0.2.25" relay="142.251.8.27 (gmail-smtp-in.l.google.com)" delay=2s {end}'


def qmail(m, id_, n, fails):
    at = f"@40000000{m:08x}{n:08x}"
    yield f"{at} new msg {m}"
    yield f"{at} info msg {m}: bytes {3000 + n} from <info{n}@example.jp> qp {m} uid 1000"
    yield f"{at} starting delivery {m}: msg {m} to remote user{m}@gmail.com"
    yield f"{at} status: local 0/10 remote 1/20"
    said = "/".join(REPLY).format(id=id_).replace(" ", "_")
    yield (f"{at} delivery {m}: failure: 142.251.8.27_does_not_like_recipient./Remote_host_said:_{said}/Giving_up_on_142.251.8.27./" if fails
           else f"{at} delivery {m}: success: 142.251.8.27_accepted_message./Remote_host_said:_250_2.0.0_OK_{id_}_-_gsmtp/")
    yield f"{at} end msg {m}"


def haraka(m, id_, n, fails):
    at, uuid = f"2026-11-23T{m // 3600 % 24:02}:{m // 60 % 60:02}:{m % 60:02}.000Z", f"4C1A7D30-9E52-4B6F-8D11-{m:012X}"
    yield f"{at} [NOTICE] [{uuid}.1] [core] sender <info{n}@example.jp> code=OK msg=\"\""
    yield f"{at} [INFO] [{uuid}.1.1] [outbound] Attempting to deliver to: 142.251.8.27:25 (0) (0)"
    yield (f"{at} [NOTICE] [{uuid}.1.1] [outbound] recipient <user{m}@gmail.com> rejected: {' '.join(REPLY).format(id=id_)}" if fails
           else f"{at} [NOTICE] [{uuid}.1.1] [outbound] delivered file={m}_1 domain=gmail.com host=gmail-smtp-in.l.google.com ip=142.251.8.27 port=25 mode=SMTP tls=Y auth=N response=\"OK {id_}\" delay=0.9 fails=0 rcpts=1/0/0")


def kumomta(m, id_, n, fails):
    yield json.dumps({"type": "Bounce" if fails else "Delivery", "id": f"{m:032x}", "sender": f"info{n}@example.jp", "recipient": f"user{m}@gmail.com",
                      "queue": "gmail.com", "site": "unspecified->gmail-smtp-in.l.google.com@smtp_client", "size": 3000 + n,
                      "response": {"code": 550 if fails else 250, "enhanced_code": {"class": 5, "subject": 1, "detail": 1} if fails else None,
                                   "content": "\n".join(line[10:] for line in REPLY).format(id=id_) if fails else f"OK {id_}", "command": "."},
                      "peer_address": {"name": "gmail-smtp-in.l.google.com.", "addr": "142.251.8.27"}, "timestamp": 1795392000 + m, "created": 1795392000,
                      "num_attempts": 0, "bounce_classification": "Uncategorized", "egress_pool": "pool1", "egress_source": "ip1", "feedback_report": None,
                      "meta": {}, "headers": {}, "delivery_protocol": "ESMTP", "reception_protocol": "ESMTP", "nodeid": "557f3ad4-2c8c-11ee-976e-782d7e12e173"},
                     separators=(",", ":"))


def powermta(m, id_, n, fails):
    kind, action, status = ("b", "failed", "5.1.1 (bad destination mailbox address)") if fails else ("d", "relayed", "2.0.0 (success)")
    said = " ".join(REPLY).format(id=id_) if fails else f"250 2.0.0 OK {id_} - gsmtp"
    at = f"2026-11-23 {m // 3600 % 24:02}:{m // 60 % 60:02}:{m % 60:02}+0900"
    yield (f"{kind},{at},{at},info{n}@example.jp,user{m}@gmail.com,,{action},{status},\"smtp;{said}\",gmail-smtp-in.l.google.com (142.251.8.27),bad-mailbox,smtp,"
           f"app.example.jp (192.0.2.80),smtp,192.0.2.25,142.251.8.27,\"ENHANCEDSTATUSCODES,PIPELINING,8BITMIME,SIZE,STARTTLS\",{3000 + n},mta1,news-11,")


def journald(m, id_, n, fails):
    end = f"dsn=5.1.1, status=bounced (host gmail-smtp-in.l.google.com[142.251.8.27] said: {' '.join(REPLY).format(id=id_)} (in reply to RCPT TO command))" if fails \
        else f"dsn=2.0.0, status=sent (250 2.0.0 OK {id_} - gsmtp)"
    for daemon, text in (("qmgr", f"from=<info{n}@example.jp>, size={3000 + n}, nrcpt=1 (queue active)"),
                         ("smtp", f"to=<user{m}@gmail.com>, relay=gmail-smtp-in.l.google.com[142.251.8.27]:25, delay=2.1, delays=0.1/0/0.9/1.1, {end}"),
                         ("qmgr", "removed")):
        yield json.dumps({"__CURSOR": f"s=0b1c2d3e4f5061728394a5b6c7d8e9f0;i={m:x}", "__REALTIME_TIMESTAMP": str(1795392000000000 + m),
                          "__MONOTONIC_TIMESTAMP": str(m), "_BOOT_ID": "1122334455667788990011223344aabb", "_TRANSPORT": "syslog", "PRIORITY": "6",
                          "SYSLOG_FACILITY": "2", "SYSLOG_IDENTIFIER": f"postfix/{daemon}", "SYSLOG_PID": str(2000 + n), "MESSAGE": f"4{id_}: {text}",
                          "_PID": str(2000 + n), "_UID": "104", "_COMM": daemon, "_SYSTEMD_UNIT": "postfix@-.service", "_HOSTNAME": "mail"}, separators=(",", ":"))


FORMATS = {f.__name__: f for f in (exim, sendmail, opensmtpd, qmail, haraka, kumomta, powermta, journald)}


def write(path, name, size):
    rng, written = random.Random(20261124), 0
    with open(path, "w") as log:
        for m in range(1, 10_000_000):
            id_ = "".join(rng.choices(ALPHABET, k=15))
            text = "\n".join(FORMATS[name](m, id_, rng.randrange(1, 255), m % 10 == 0)) + "\n"
            log.write(text)
            written += len(text)
            if written >= size:
                return
