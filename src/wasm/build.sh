#!/bin/sh
# Writes the page that needs no server: build.sh SOURCE BUILD TO, where BUILD has the C that the build makes.
set -eu
source=$1 build=$2 to=$3
objects=$to.objects
rooms='base grammar message record failure bounce log event dns auth catalog diagnose receiver render intake'
mkdir -p "$objects" "$to/examples"

# What a browser has no use for, or has a file of its own for in src/wasm.
is_left_out() {
	case $1 in
	*_test.c | *_fuzz.c | */catalog/image.c | */auth/crypto.c | */dns/resolver.c | */dns/relay.c | */intake/decompress.c | */intake/progress.c) return 0 ;;
	esac
	return 1
}

modules() {
	for room in $rooms; do
		for file in "$source/src/$room"/*.c; do is_left_out "$file" || printf '%s\n' "$file"; done
	done
	printf '%s\n' "$build/src/policy_text.c" "$build/src/html_style.c" "$objects/rules.c" "$source/src/wasm/why.c" "$source/src/wasm/decompress.c"
}

compiler=$(command -v ccache || :)
compile='object=$1/$(printf %s "$4" | tr / _).o
exec $3 clang --target=wasm32-wasi -std=gnu11 -O3 -msimd128 -mbulk-memory -D_Thread_local= -ffunction-sections -fdata-sections -D_GNU_SOURCE -Wno-ignored-attributes \
    -I"$2/src/wasm/include" -I"$2/src" -isystem /usr/include/wasm32-wasi -idirafter /usr/include \
    -idirafter /usr/include/x86_64-linux-gnu -c "$4" -o "$object"'

python3 "$source/src/wasm/slim.py" "$objects/rules.c" "$source"/catalog/*.rule
rm -f "$objects"/*.o
modules | xargs -P "$(nproc)" -I{} sh -c "$compile" sh "$objects" "$source" "$compiler" {}
clang --target=wasm32-wasi -mexec-model=reactor -Wl,--strip-all -Wl,-z,stack-size=4194304 "$objects"/*.o -o "$to/todoku.wasm"

cp "$source/src/render/base.css" "$source/src/web/page/page.css" "$source/src/web/page/page.js" "$source/src/web/page/icon.svg" \
    "$source/src/wasm/worker.js" "$to/"
cp "$source"/examples/gmail-*.eml "$source/examples/postfix.log" "$to/examples/"
policy="default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
sed -e 's|data-lang="en">|data-lang="en" data-engine="alone">|' \
    -e "s|<meta charset=\"utf-8\">|&\n<meta http-equiv=\"Content-Security-Policy\" content=\"$policy\">|" \
    "$source/src/web/page/index.html" >"$to/index.html"
examples=$(cd "$to" && printf '"%s", ' examples/* | sed 's/, $//')
version=$(cd "$to" && cat index.html ./*.css ./*.js icon.svg todoku.wasm | sha256sum | cut -c1-16)
sed -e "s|@VERSION@|$version|" -e "s|\"@EXAMPLES@\"|$examples|" "$source/src/wasm/offline.js" >"$to/offline.js"
