# What packaging/try.sh does within the bare root.
set -euo pipefail
step() { printf -- '-- %s\n' "$*"; }
fail() { printf 'failed: %s\n' "$*" >&2; exit 1; }
has() { grep -q -- "$1" <<<"$2" || fail "'$1' is not in: $2"; }

step 'they install'
apt-get install -y -qq --no-install-recommends todoku todoku-gate libtodoku-dev postfix gcc libc6-dev pkg-config man-db util-linux \
    >/log 2>&1 || { tail -n 30 /log; exit 1; }

step 'the program answers, in both languages, with its manual'
refusal='550-5.7.26 The MAIL FROM domain [example.jp] has an SPF record with a hard fail policy (-all) but it fails to pass SPF checks with the ip: [192.0.2.25].'
has 'SPF record of example.jp' "$(todoku why --offline --lang en "$refusal")"
has 'example.jp' "$(todoku why --offline --lang ja "$refusal")"
[ "$(dpkg-query -W -f '${Version}' todoku)" = "$(todoku --version | awk '{print $2}')-1" ] || fail 'the versions differ'
man -w todoku-why >/dev/null && man -L ja -w todoku-why >/dev/null
todoku catalog check >/dev/null

step 'a C program has the library'
cp /usr/share/doc/libtodoku-dev/examples/why.c /tmp/why.c
# shellcheck disable=SC2046
cc -o /tmp/why $(pkg-config --cflags --libs todoku) /tmp/why.c
has 'libtodoku.so.0' "$(ldd /tmp/why)"
printf '%s\n' "$refusal" >/tmp/refusal && /tmp/why /tmp/refusal >/dev/null || fail 'the example does not run'

step 'the filter has its user and its units, and root alone its keys'
id todoku-gate >/dev/null
[ "$(stat -c '%a %U' /etc/todoku/keys)" = '700 root' ] || fail 'the folder of keys'
[ "$(systemctl is-enabled todoku-gate-milter.socket)" = enabled ] || fail 'the socket is not enabled'
[ "$(systemctl is-enabled todoku-gate-smtp.socket || :)" = disabled ] || fail 'the receiver for tests is enabled'
for unit in /usr/lib/systemd/system/todoku-gate-*; do
	told=$(systemd-analyze verify "$unit" 2>&1 | grep todoku || :)
	[ -z "$told" ] || fail "$told"
done
for unit in milter smtp; do
	systemd-analyze security --offline=true --threshold=15 "/usr/lib/systemd/system/todoku-gate-$unit.service" >/dev/null ||
		fail "todoku-gate-$unit.service is not hardened"
done

step 'three commands later Postfix signs'
install -d /var/spool/postfix/todoku
todoku dkim keygen --domain example.jp --selector mail --out /etc/todoku/keys/example.jp.pem >/dev/null
echo 'example.jp mail keys/example.jp.pem' >>/etc/todoku/keys.table
# What systemd would do: a copy of the keys for the filter alone, and the socket.
install -d -m 500 -o todoku-gate /run/credentials
install -m 400 -o todoku-gate /etc/todoku/keys/example.jp.pem /run/credentials/keys_example.jp.pem
systemd-socket-activate --listen=/var/spool/postfix/todoku/milter.sock --setenv=CREDENTIALS_DIRECTORY=/run/credentials \
    setpriv --reuid=todoku-gate --regid=todoku-gate --clear-groups todoku gate --milter systemd --config /etc/todoku/milter.conf --quiet \
    >/tmp/filter 2>&1 &
for _ in $(seq 100); do [ ! -S /var/spool/postfix/todoku/milter.sock ] || break; sleep 0.1; done
chgrp postfix /var/spool/postfix/todoku/milter.sock
chmod 0660 /var/spool/postfix/todoku/milter.sock
postconf -e inet_interfaces=loopback-only mydestination=localhost,example.jp alias_maps= maillog_file=/var/log/mail.log \
    local_recipient_maps= myhostname=mail.example.jp
todoku gate enable >/tmp/enable || fail "$(cat /tmp/enable)"
postfix start >/dev/null 2>&1
todoku doctor || fail "the doctor: $(cat /tmp/filter)"
printf 'From: info@example.jp\nTo: root@localhost\nSubject: hello\n\nhello\n' | sendmail -f info@example.jp root@localhost
for _ in $(seq 200); do grep -qs 'd=example.jp' /var/mail/* && break; sleep 0.1; done
has 'DKIM-Signature' "$(cat /var/mail/* 2>/dev/null || cat /var/log/mail.log)"
postfix stop >/dev/null 2>&1

step 'an upgrade keeps what was set'
dpkg -i /debs/*.deb >/log 2>&1 || { tail /log; exit 1; }
has 'keys/example.jp.pem' "$(cat /etc/todoku/keys.table)"
echo 'quiet' >>/etc/todoku/milter.conf

step 'they go, and leave what is the owner'\''s until they are purged'
apt-get remove -y -qq todoku todoku-gate libtodoku0 libtodoku-dev >/log 2>&1 || { tail /log; exit 1; }
[ ! -e /usr/bin/todoku ] || fail 'the program is still there'
[ -s /etc/todoku/keys/example.jp.pem ] && grep -q quiet /etc/todoku/milter.conf || fail 'settings or keys are gone'
kill %1 2>/dev/null || :
apt-get purge -y -qq todoku todoku-gate libtodoku0 libtodoku-dev >/log 2>&1 || { tail /log; exit 1; }
[ -s /etc/todoku/keys/example.jp.pem ] || fail 'private keys are nobody else'\''s to delete'
rm -r /etc/todoku/keys && rmdir /etc/todoku
left=$(find / -xdev \( -path /proc -o -path /dev -o -path /tmp -o -path /debs \) -prune -o -iname '*todoku*' -print)
[ -z "$left" ] || fail "left behind: $left"
printf '%s\n' 'all is well'
