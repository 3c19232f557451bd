"""Refuses an #include between rooms that src/rooms does not allow, a circle between rooms and one within a room."""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parent.parent / "src"
allowed = {}
for line in (root / "rooms").read_text().splitlines():
    room, _, others = line.partition(":")
    allowed[room] = set(others.split()) | {room}


def includes(path):
    """Line number and "room/module" of each include of ours."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        found = re.match(r'#\s*include "(\w+/\w+)\.h"', line)
        if found:
            yield number, found.group(1)


def forbidden_includes(allowed=allowed, root=root):
    faults = []
    for path in sorted(root.glob("*/*.[ch]")):
        room = path.parent.name
        if room not in allowed:
            faults.append(f"{path.relative_to(root)}: no room of this name in src/rooms")
            continue
        for number, module in includes(path):
            other = module.split("/")[0]
            if other not in allowed[room]:
                faults.append(f"{path.relative_to(root)}:{number}: {room} may not include {other}")
    return faults


def modules(root=root):
    """What each module includes, its tests and fuzzers left out."""
    arrows = {}
    for path in sorted(root.glob("*/*.[ch]")):
        if not re.search(r"_(test|fuzz)\.c$", path.name):
            module = f"{path.parent.name}/{path.stem}"
            arrows.setdefault(module, set()).update(m for _, m in includes(path) if m != module)
    return arrows


def find_circle(arrows):
    """A list of nodes whose last leads to its first; empty: there is none."""
    done = set()

    def follow(node, way):
        if node in way:
            return way[way.index(node):]
        if node in done:
            return []
        for other in sorted(arrows.get(node, ())):
            circle = follow(other, [*way, node])
            if circle:
                return circle
        done.add(node)
        return []

    for node in sorted(arrows):
        circle = follow(node, [])
        if circle:
            return circle
    return []


def circles(root=root):
    arrows = modules(root)
    rooms = {}
    for module, others in arrows.items():
        room = module.split("/")[0]
        rooms.setdefault(room, set()).update(o.split("/")[0] for o in others if not o.startswith(room + "/"))
    found = [find_circle(arrows), find_circle(rooms)]
    return ["a circle: " + " → ".join([*c, c[0]]) for c in found if c]


if __name__ == "__main__":
    faults = forbidden_includes() + circles()
    print("\n".join(faults) or "rooms: every include is allowed, and none leads in a circle")
    sys.exit(bool(faults))
