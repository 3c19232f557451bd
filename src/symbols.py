"""The library's version script: what the installed headers declare, and nothing else.

    symbols.py OUTPUT HEADER...
"""
import re
import sys

names = set()
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as f:
        text = re.sub(r"/\*.*?\*/", "", f.read(), flags=re.S)
    names.update(re.findall(r"^(?!static|#|\s)[^\n(){};]*?\b(\w+)\(", text, re.M))
    names.update(re.findall(r"^extern [^;]*?\b(\w+)(?:\[\w*\])*;", text, re.M))
with open(sys.argv[1], "w", encoding="utf-8") as f:
    f.write("{\nglobal:\n" + "".join(f"\t{name};\n" for name in sorted(names)) + "local:\n\t*;\n};\n")
