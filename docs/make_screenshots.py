"""Writes docs/why.svg and docs/why.ja.svg: what `todoku why` says of an example, as a terminal shows it.

The program's own output with its ANSI colours becomes SVG text, each run pinned to its columns (a CJK letter has two), so that it
stands straight in whatever monospaced font the reader has. `--check` writes nothing and fails where a picture is not current.
"""
import os
import pathlib
import re
import subprocess
import sys
import unicodedata
from xml.sax.saxutils import escape

ROOT = pathlib.Path(__file__).resolve().parent.parent
TODOKU = os.environ.get("TODOKU", str(ROOT / "build/todoku"))
COMMAND = ["why", "--zone", "docs/example.zone", "examples/gmail-spf-hard-fail.eml"]
PARTS = 5 # so many of the output's paragraphs; the rest is more of the same
ALT = {"en": "todoku why: what Gmail minded, the SPF record to publish, and who must act",
       "ja": "todoku why の表示例。Gmail が拒否した理由、登録すべき SPF レコード、対応すべき人"}

COLUMNS, CELL, LINE, PAD = 80, 8.4, 20, 22
STYLES = {"1": "b", "4": "u", "31": "r", "32": "g", "33": "y", "36": "c"} # ANSI's numbers: the classes below
CSS = """text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Noto Sans Mono CJK JP","Noto Sans CJK JP",\
"Hiragino Sans","Yu Gothic",monospace;fill:#24292f;white-space:pre}
.b{font-weight:700}.u{text-decoration:underline}.r{fill:#b3261e}.g{fill:#1a7f37}.y{fill:#7d4e00}.c{fill:#0969a2}.p{fill:#6e7781}"""


def output(lang):
    env = {**os.environ, "COLUMNS": str(COLUMNS)}
    return subprocess.run([TODOKU, COMMAND[0], "--color", "always", "--lang", lang, *COMMAND[1:]], cwd=ROOT, env=env,
                          capture_output=True, text=True, check=True).stdout


def width(letter):
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def runs(lines):
    """Each line's runs of one style and one width: (column, columns, classes, text). A style lasts over lines, as in a terminal."""
    style = []
    for line in lines:
        column, found = 0, []
        for code, letter in re.findall(r"\x1b\[([\d;]*)m|(.)", line):
            if not letter:
                style = [STYLES[n] for n in code.split(";") if n in STYLES]
                continue
            key = (width(letter), " ".join(style))
            if found and found[-1][0] == key:
                found[-1][2] += letter
            else:
                found.append([key, column, letter])
            column += key[0]
        yield [(at, key[0] * len(text), key[1], text) for key, at, text in found if text.strip()]


def blank(line):
    return re.sub(r"\x1b\[[\d;]*m", "", line) == ""


def first_parts(said):
    lines, parts = [], 0
    for line in said.splitlines():
        parts += blank(line)
        if parts == PARTS:
            return [*lines, "", "  \x1b[36m…\x1b[0m"]
        lines.append(line)
    return lines


def text_of(row, found):
    y = PAD + 14 + row * LINE
    for at, columns, classes, text in found:
        lead = len(text) - len(text.lstrip(" "))
        text, at, columns = text.strip(" "), at + lead, len(text.strip(" ")) * (columns // len(text))
        attribute = f' class="{classes}"' if classes else ""
        yield (f'<text x="{PAD + at * CELL:.1f}" y="{y}" textLength="{columns * CELL:.1f}" lengthAdjust="spacingAndGlyphs"'
               f"{attribute}>{escape(text)}</text>")


def picture(lang):
    lines = [f"\x1b[1m$ todoku {' '.join(COMMAND)}\x1b[0m", "", *first_parts(output(lang))]
    body = [t for row, found in enumerate(runs(lines)) for t in text_of(row, found)]
    wide, high = round(COLUMNS * CELL + 2 * PAD), len(lines) * LINE + 2 * PAD
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" role="img"'
        f' xml:lang="{lang}">', f"<title>{ALT[lang]}</title>", f"<style>{CSS}</style>",
        f'<rect x=".5" y=".5" width="{wide - 1}" height="{high - 1}" rx="10" fill="#fcfbf8" stroke="#d8d4ca"/>', *body,
        "</svg>"]) + "\n"


def main():
    stale = []
    for lang, name in {"en": "why.svg", "ja": "why.ja.svg"}.items():
        path, svg = ROOT / "docs" / name, picture(lang)
        if not path.exists() or path.read_text(encoding="utf-8") != svg:
            stale.append(name)
            if "--check" not in sys.argv:
                path.write_text(svg, encoding="utf-8")
    if "--check" in sys.argv and stale:
        raise SystemExit(f"not current: {', '.join(stale)}; run ./dev docs")


if __name__ == "__main__":
    main()
