"""Writes the C file that carries the catalogue's files within the program: embed.py OUT FILE..."""
import hashlib
import os
import sys

out, files = sys.argv[1], sys.argv[2:]
lines = ['#include "catalog/builtin.h"', ""]
for number, path in enumerate(files):
    with open(path, "rb") as f:
        digest = hashlib.sha256(f.read()).hexdigest()
    lines += [
        f"/* {os.path.basename(path)} {digest} */",
        "__asm__(\".section .rodata\\n\"",
        f"    \"builtin_{number}: .incbin \\\"{os.path.abspath(path)}\\\"\\n\"",
        f"    \"builtin_{number}_end: .byte 0\\n.previous\\n\");",
        f"extern const char builtin_{number}[], builtin_{number}_end[];",
    ]
lines += ["", "size_t", "catalog_builtin_sources(struct catalog_source *sources)", "{"]
for number, path in enumerate(files):
    name = os.path.basename(path)
    lines.append(
        f"\tsources[{number}] = (struct catalog_source){{ \"{name}\","
        f" {{ builtin_{number}, (size_t)(builtin_{number}_end - builtin_{number}) }} }};"
    )
lines += [f"\treturn {len(files)};", "}", ""]
with open(out, "w", encoding="utf-8") as f:
    f.write("\n".join(lines))
