"""The catalogue for a browser: the files themselves, for their index is thrice their size. No comments; of the samples, which are
the tests' matter, the first alone.

slim.py OUT.c FILE.rule..."""
import pathlib
import sys


def slim(text):
    kept, samples, dropping = [], 0, False
    for line in text.splitlines():
        if not line.strip():
            samples = 0
        if not line.startswith(" "):
            samples += line.startswith("Sample:")
            dropping = line.startswith("#") or (line.startswith("Sample:") and samples > 1)
        if not dropping:
            kept.append(line)
    return "\n".join(kept) + "\n"


def literal(text):
    return "".join(chr(b) if 32 <= b < 127 and chr(b) not in '"\\?' else f"\\{b:03o}" for b in text.encode())


with open(sys.argv[1], "w", encoding="ascii") as out:
    out.write('#include "catalog/load.h"\n\nextern const struct catalog_source rules[];\nextern const size_t rules_n;\n\n'
              "const struct catalog_source rules[] = {\n")
    for source in map(pathlib.Path, sys.argv[2:]):
        lines = slim(source.read_text(encoding="utf-8")).splitlines(keepends=True)
        out.write(f'\t{{ "{source.name}", SPAN_INIT(\n' + "\n".join(f'\t\t"{literal(line)}"' for line in lines) + ") },\n")
    out.write("};\nconst size_t rules_n = sizeof(rules) / sizeof(rules[0]);\n")
