"""Makes a file into C: embed.py NAME IN OUT.c gives `const char NAME[]` and `const size_t NAME_size`, without its final NUL."""
import sys

name, source, target = sys.argv[1:]
with open(source, "rb") as f:
    data = f.read()


def escaped(line):
    return "".join(chr(b) if 32 <= b < 127 and chr(b) not in '"\\?' else f"\\{b:03o}" for b in line)


with open(target, "w", encoding="ascii") as f:
    f.write(f"#include <stddef.h>\n\nextern const char {name}[];\nextern const size_t {name}_size;\n\nconst char {name}[] =\n")
    for line in data.splitlines(keepends=True) or [b""]:
        f.write(f'\t"{escaped(line)}"\n')
    f.write(f"\t;\nconst size_t {name}_size = {len(data)};\n")
