"""Japanese is written with one vocabulary: what a Japanese ISP's support desk says, everywhere the same."""
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
NOT_OURS = re.compile(r"^(Text|With|Sample|Stem|Near|Words|Opening|From|Subject|Copy|Delayed|Success|Reply):")

# what is not written, and what is written instead
FORBIDDEN = {
    "送信元サーバー": "送信サーバー", "対象のドメイン": "送信元のドメイン", "配送レポート": "配送状況通知(DSN)", "不達通知": "エラーメール",
    "詐称": "なりすまし", "アラインメント": "アライメント", "ブロックリスト": "ブラックリスト", "評判": "評価(レピュテーション)",
    "迷惑メール報告率": "迷惑メール率", "大量送信者": "一括送信者", "恒久的エラー": "恒久的なエラー", "割り当てを超え": "上限を超え",
    "符号化": "エンコード", "エンベロープ差出人": "エンベロープ From", "エンベロープ送信者": "エンベロープ From", "リバースパス": "エンベロープ From",
    "試験中": "テストモード(t=y)", "規則": "ルール", "あきらめ": "再送を打ち切る", "アプリパスワード": "アプリ パスワード", "綴り": "入力ミス",
    "つづり": "入力ミス", "宛先の方": "受信者", "拡張コード": "拡張ステータス", "サーバ ": "サーバー", "ユーザ ": "ユーザー", "ライブラリー": "ライブラリ",
    "下の応答": "下記の応答の原文", "今は確認": "現在、…確認できません", "今は判断": "現時点では判断できない", "一つ": "1 つ", "二つ": "2 つ",
    "SPF に通": "SPF 認証に成功", "SPF を通": "SPF 認証に成功", "出来": "でき", "下さい": "ください", "分かり": "わかり",
}


def spoken(path):
    """The lines that the program or its manual says, with their numbers; not what others wrote."""
    others = False
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if path.suffix == ".rule":
            others = bool(NOT_OURS.match(line)) or (others and line.startswith(" "))
        if not others:
            yield number, line


SOURCES = [*sorted(ROOT.glob("catalog/*.rule")), *sorted(ROOT.glob("src/*/*.c")), *sorted(ROOT.glob("man/ja/*")),
           *sorted(ROOT.glob("*.ja.md")), *sorted(ROOT.glob("docs/*.ja.md"))]


@pytest.mark.parametrize("path", [p for p in SOURCES if not re.search(r"_(test|fuzz)\.c$", p.name)], ids=lambda p: p.name)
def test_the_vocabulary_is_one(path):
    if path.parent.name == "catalog" and path.suffix == ".c":
        return
    wrong = [f"{path.name}:{number}: {word} → {FORBIDDEN[word]}: {line.strip()[:90]}"
             for number, line in spoken(path) for word in FORBIDDEN if word in line]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", sorted(ROOT.glob("catalog/*.rule")), ids=lambda p: p.name)
def test_steps_are_requests_and_titles_have_no_full_stop(path):
    field, wrong = "", []
    for number, line in spoken(path):
        if re.match(r"^[A-Z][A-Za-z-]*:", line):
            field, _, text = line.partition(":")
        elif line.startswith(" "):
            text = line
        else:
            field = ""
            continue
        text = text.strip()
        if field == "Title-ja" and text.endswith("。"):
            wrong.append(f"{path.name}:{number}: a title ends in a full stop: {text}")
        if field in ("Why-ja", "Change-ja", "Remedy-ja") and not text.endswith(("。", ")", "」")):
            wrong.append(f"{path.name}:{number}: a sentence ends without one: {text}")
        if field.endswith("-ja") and re.search(r"[！？，．（）]", text):
            wrong.append(f"{path.name}:{number}: full-width punctuation: {text}")
    assert not wrong, "\n".join(wrong)
