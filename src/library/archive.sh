# One archive that shows the names of the public header alone, as the shared library does: archive.sh OUTPUT ARCHIVE...
set -eu
out=$1; shift
object=$(dirname "$out")/todoku.o
${LD:-ld} -r -o "$object" --whole-archive "$@"
${OBJCOPY:-objcopy} --wildcard --keep-global-symbol='todoku_*' "$object"
rm -f "$out"
${AR:-ar} rcs "$out" "$object"
rm -f "$object"
