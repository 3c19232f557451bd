"""Zone text for tests: TXT records of any length, as DNS wants them."""


def quoted(text):
    return '"' + "".join(c if " " <= c < "\x7f" and c not in '"\\;' else f"\\{b:03d}"
                         for b in text.encode("utf-8") for c in [chr(b)]) + '"'


def txt(name, text):
    strings = [text[i:i + 255] for i in range(0, len(text), 255)] or [""]
    return f"{name}. TXT ( " + " ".join(quoted(s) for s in strings) + " )\n"
