"""Refuses an #include between rooms that src/rooms does not allow."""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parent.parent / "src"
allowed = {}
for line in (root / "rooms").read_text().splitlines():
    room, _, others = line.partition(":")
    allowed[room] = set(others.split()) | {room}


def forbidden_includes(allowed=allowed, root=root):
    faults = []
    for path in sorted(root.glob("*/*.[ch]")):
        room = path.parent.name
        if room not in allowed:
            faults.append(f"{path.relative_to(root)}: no room of this name in src/rooms")
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found = re.match(r'#\s*include "([a-z_]+)/', line)
            if found and found.group(1) not in allowed[room]:
                faults.append(f"{path.relative_to(root)}:{number}: {room} may not include {found.group(1)}")
    return faults


if __name__ == "__main__":
    faults = forbidden_includes()
    print("\n".join(faults) or "rooms: every include is allowed")
    sys.exit(bool(faults))
