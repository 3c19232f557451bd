#!/usr/bin/env bash
# Debian's packages from the working tree, into build/deb, judged by lintian. `./dev deb` calls it.
set -euo pipefail
cd "$(dirname "$0")/.."
version=$(sed -n "s/^ *version: '\(.*\)',$/\1/p" meson.build | head -n 1)
folder=build/deb
source=$folder/todoku-$version
export CCACHE_DIR=${CCACHE_DIR:-$HOME/.cache/ccache} # debhelper gives the build a home of its own
SOURCE_DATE_EPOCH=$(dpkg-parsechangelog -l packaging/debian/changelog -S Timestamp)
export SOURCE_DATE_EPOCH

# Of a clone, what is no build; of an unpacked tree, too.
list_files() {
	if git rev-parse --git-dir >/dev/null 2>&1; then
		git ls-files -co --exclude-standard --deduplicate -z
	else
		find . \( -path './build*' -o -name __pycache__ \) -prune -o \( -type f -o -type l \) -printf '%P\0'
	fi
}

rm -rf "$folder"
mkdir -p "$folder"
list_files |
	tar --create --exclude=packaging/debian --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner \
	    --transform="flags=r;s,^,todoku-$version/," --null --files-from=- |
	xz -T0 -3 >"$folder/todoku_$version.orig.tar.xz"
tar -C "$folder" -xf "$folder/todoku_$version.orig.tar.xz"
cp -r packaging/debian "$source/debian"
(cd "$source" && DEB_BUILD_OPTIONS="nocheck parallel=$(nproc)" dpkg-buildpackage -us -uc) >"$folder/log" 2>&1 || {
	tail -n 60 "$folder/log" >&2
	exit 1
}
rm -rf "$source"
# A package that enters Debian would close a bug with it.
lintian --allow-root --fail-on error,warning --suppress-tags initial-upload-closes-no-bugs "$folder"/*.changes
ls -sh "$folder"/*.deb
