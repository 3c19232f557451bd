#!/usr/bin/env bash
# Installs, uses, removes and purges the packages in build/deb within a bare root that vanishes afterwards; `./dev deb --test`
# calls it. Needs root. What stays is build/root, the bare root itself. Nothing of the machine is touched: the root is an overlay in
# memory, in namespaces of its own, and while the packages are used there is no network but loopback.
#
#   packaging/try.sh [SUITE]      else this machine's release
set -euo pipefail
cd "$(dirname "$0")/.."
suite=${1:-$(. /etc/os-release && printf '%s' "$VERSION_CODENAME")}
base=$PWD/build/root/$suite

make_base() {
	[ ! -e "$base.complete" ] || return 0
	rm -rf --one-file-system "$base"
	mkdir -p "$base"
	debootstrap --variant=minbase "$suite" "$base" >"$base.log" || { tail "$base.log" >&2; exit 1; }
	touch "$base.complete"
}

# In a mount namespace: an overlay of the base, what apt needs to reach its sources, our packages.
make_root() {
	mount -t tmpfs tmpfs "$run"
	mkdir "$run/upper" "$run/work" "$run/root"
	mount -t overlay overlay -o "lowerdir=$base,upperdir=$run/upper,workdir=$run/work" "$run/root"
	mount -t proc proc "$run/root/proc"
	mount --rbind /dev "$run/root/dev"
	cp /etc/resolv.conf "$run/root/etc/resolv.conf"
	for setting in /etc/apt/apt.conf.d/*; do # a proxy, say; what a package put there comes with it
		dpkg-query -S "$setting" >/dev/null 2>&1 || cp "$setting" "$run/root/etc/apt/apt.conf.d/"
	done
	rm -f "$run/root/etc/apt/apt.conf.d/docker-clean" # removes what was downloaded
	mkdir "$run/root/debs"
	cp build/deb/*.deb "$run/root/debs/"
	rm "$run"/root/debs/*-dbgsym_*
	(cd "$run/root/debs" && dpkg-scanpackages . 2>/dev/null >Packages)
	echo 'deb [trusted=yes] file:/debs ./' >"$run/root/etc/apt/sources.list.d/local.list"
	printf '#!/bin/sh\nexit 101\n' >"$run/root/usr/sbin/policy-rc.d" # nobody starts a service here
	chmod +x "$run/root/usr/sbin/policy-rc.d"
}

inside() {
	env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
	    ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} chroot "$run/root" "$@"
}

if [ "${TODOKU_INSIDE:-}" = yes ]; then
	run=$2
	make_root
	inside bash -c 'apt-get update -qq && apt-get install -y -qq --no-install-recommends --download-only \
	    todoku todoku-gate libtodoku-dev postfix gcc libc6-dev pkg-config man-db util-linux' >"$base.log" 2>&1 || { tail "$base.log" >&2; exit 1; }
	inside tee /inside.sh <packaging/try-inside.sh >/dev/null
	exec unshare --net bash -c 'ip link set lo up && "$@"' bash \
	    env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive chroot "$run/root" bash /inside.sh
fi

make_base
run=$(mktemp -d)
status=0
TODOKU_INSIDE=yes unshare --mount --pid --fork --kill-child --propagation private bash "$0" "$suite" "$run" || status=$?
rmdir "$run"
exit $status
