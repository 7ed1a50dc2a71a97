"""Text that people typed reaches the page as they typed it, or as a code point that shows what it was."""

import random
import re
import subprocess
import unicodedata

import pytest

from app.minutes.document import Heading, Table, Text
from app.minutes.fonts import BOLD, REGULAR, face_of
from app.minutes.pages import comparable_text, page_count, page_text
from app.minutes.pdf import draw
from app.minutes.text import _PLAIN, one_line, pdf_text, pieces, visible
from app.minutes.vowels import in_drawn_order

FRAGMENTS = [
    *(
        "<b>",
        "</b>",
        "</para>",
        "<br/>",
        '<a href="javascript:alert(1)">',
        '<img src="file:///etc/passwd"/>',
        "<!--",
        "]]>",
    ),
    *('<font color="[[].__class__][0]">', '<unichar code="(lambda:1)()"/>', '<onDraw name="x"/>', "<index item='a'/>"),
    *("&#65;", "&amp;", "&lt;", "&bogus;", "&", "<", ">", '"', "'", "%s", "{0}", "{{7*7}}", "${x}", "#{x}", "%(a)s"),
    *("=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "../../etc/passwd", "C:\\CON", "\\\\host\\share", "; DROP TABLE x"),
    *("\x00", "\x07", "\x1b[31m", "\x7f", "\x85", "\r", "\r\n", "\t", "\n", "\u2028", "\u2029", "\x0b", "\x0c"),
    *("\u200b", "\u200d", "\u200e", "\u202e", "\u2066", "\u2069", "\ufeff", "\u00ad", "\u034f", "\ufe0f", "\u3164"),
    *("\ud800", "\udfff", "\ue000", "\uffff", "\U0001f600", "\U0001f468\u200d\U0001f469", "\U000e0041", "\U00010330"),
    *("Łukasz", "Nguyễn", "Αθηνά", "Володимир", "e\u0301", "ﬁ", "½", "ẞ", "☐", "✓", "→", "名前", "김", "नमन", "ไทย"),
    *("(", ")", "\\", "/JS", "/URI", "endstream", "%%EOF", "/ByteRange [0 1 2 3]", "W" * 200, "a b  c   d"),
]


def seen(text):
    """What a reader should get back: visible, composed, without spaces and the hyphens that end lines."""
    composed = unicodedata.normalize("NFKC", visible(text))
    return "".join(re.sub("[-\u2010\u2011]", "", composed).split())


def by_poppler(pdf):
    ran = subprocess.run(["pdftotext", "-raw", "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True)
    return seen(re.sub("[\f\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", ran.stdout.decode()))


@pytest.mark.parametrize("seed", [1, 2])
def test_hostile_text_is_printed_and_never_obeyed(minutes, seed):
    chance = random.Random(seed)
    texts = ["".join(chance.choices(FRAGMENTS, k=chance.randint(1, 9))) for _ in range(1500)]
    blocks = [Text(f"S{number:04}:{text}:E{number:04}") for number, text in enumerate(texts)]
    pdf = draw(minutes(*blocks))
    furniture = r"Restricted:children'srecordsNM20260114NM20260114,version1,sealedPage\d+of" + str(page_count(pdf))
    for extracted in (comparable_text(pdf), by_poppler(pdf)):
        body = re.sub(furniture, "", extracted)
        found = dict(re.findall(r"S(\d{4}):(.*?):E\1", body, re.DOTALL))
        assert not [text for number, text in enumerate(texts) if seen(text) != found.get(f"{number:04}")][:3]
    for forbidden in (b"/URI", b"/JavaScript", b"/Launch", b"/OpenAction", b"/SubmitForm"):
        assert forbidden + b" " not in pdf
        assert forbidden + b"(" not in pdf
    assert b"/Annots" not in pdf


def test_each_hostile_fragment_alone_comes_back_exactly(minutes):
    pdf = draw(minutes(Table(("No", "Text"), tuple((f"#{n}", f) for n, f in enumerate(FRAGMENTS)), (1, 6))))
    text = comparable_text(pdf)
    for number, fragment in enumerate(FRAGMENTS):
        assert f"#{number}{seen(fragment)}" in text, ascii(fragment)


def test_what_cannot_be_seen_is_printed_as_its_code_point():
    assert visible("a\u200bb\x00c\u202ed\ufeff\U0001f600") == "a[U+200B]b[U+0000]c[U+202E]d[U+FEFF][U+1F600]"
    assert visible("soft\u00adhyphen \ud800") == "soft[U+00AD]hyphen [U+D800]"


def test_line_ends_of_every_system_are_line_ends():
    assert pdf_text("a\nb\r\nc\u2028d") == "a<br/>b<br/>c<br/>d"


def test_the_text_fonts_draw_all_that_is_taken_for_plain():
    plain = re.compile(f"[{_PLAIN}]")
    letters = [chr(code) for code in range(0x20, 0x3000) if plain.match(chr(code))]
    assert len(letters) > 300
    for letter in letters:
        assert face_of(letter) == REGULAR, hex(ord(letter))
        assert face_of(letter, bold=True) == BOLD, hex(ord(letter))


NAMES = (
    "Zoë O’Brien, Siân Llŷr, Łukasz Żółć, Đặng Thị Hương, İpek Çağlar, Ọlá Adéwálé, Hawaiʻi, "
    "Αθηνά Παπαδοπούλου, Володимир Їжак, Ћирић, Հայկ Սարգսյան, ქეთევან, አበበ ቢቂላ, अमित शर्मा, রহমান, "
    "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ, હિતેશ પટેલ, கண்ணன், లక్ష్మి, ಗೌರಿ, ഉണ്ണി, නිමල්, สมชาย, ສົມພອນ, အောင်, សុខា, "
    "王小明, 山田 太郎, さくら, タロウ, 김민준, Nguyễn, Ţăran, Ģirts, Þóra"
)


def test_names_in_the_scripts_met_in_england_are_drawn_and_come_back_whole(minutes):
    assert visible(NAMES) == unicodedata.normalize("NFC", NAMES)
    names = NAMES.split(", ")
    pdf = draw(minutes(*(Text(f"N{number:02}:{name}:E") for number, name in enumerate(names)), Heading(1, NAMES)))
    for text in (comparable_text(pdf), by_poppler(pdf)):
        found = [re.search(f"N{number:02}:(.*?):E", text)[1] for number in range(len(names))]
        for name, got in zip(names, found, strict=True):
            assert letters_of(got) == letters_of(seen(name)), name
            assert got == seen(name) or in_drawn_order(name) != name, name


def letters_of(text):
    return sorted(unicodedata.normalize("NFD", text))


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [("अमित", "अिमत"), ("ਸਿੰਘ", "ਿਸੰਘ"), ("কোহেন", "েকােহন"), ("கொ", "ெகா"), ("ज़ि", "िज़")],
)
def test_a_vowel_sign_that_belongs_before_its_consonant_is_drawn_there(typed, drawn):
    typed = unicodedata.normalize("NFC", typed)
    assert in_drawn_order(typed) == unicodedata.normalize("NFC", drawn)


def test_right_to_left_words_read_rightly_and_none_is_lost(minutes):
    words = "محمد فاطمة الزهراء حسین گل پروین دوד דוד בן־גוריון שרה יוסף خلیل".replace("دوד ", "").split()
    pdf = draw(minutes(*(Text(f"Child {word} aged 4") for word in words), Heading(1, "Sibling محمد")))
    for text in (comparable_text(pdf), by_poppler(pdf)):
        for word in words:
            assert f"Child{seen(word)}aged4" in text, word


def test_a_full_name_in_arabic_letters_is_drawn_from_right_to_left_with_its_numbers_left_alone():
    drawn = re.sub("<[^>]*>", "", pdf_text("אב גד 14"))
    assert drawn == "דג\u00a0בא 14"


def test_points_stay_with_their_letters(minutes):
    word = unicodedata.normalize("NFC", "שָׁלוֹם מֹשֶׁה")
    got = comparable_text(draw(minutes(Text(word))))
    assert [letter for letter in letters_of(got) if letter >= "\u0590"] == letters_of(word.replace(" ", ""))


def test_a_page_in_arabic_keeps_every_word(minutes):
    text = " ".join(f"كلمة{'ابتثجحخد'[n % 8]}" for n in range(400))
    pdf = draw(minutes(Text(text), Table(("One", "Two"), ((text, text),), (1, 5))))
    got = sorted(comparable_text(pdf))
    assert sum(map(got.count, "ابتثجحخد")) >= 3 * sum(map(text.count, "ابتثجحخد"))


def test_every_character_of_the_basic_plane_is_drawn_or_named():
    for code in range(0x10000):
        character = chr(code)
        shown = visible(character)
        composed = unicodedata.normalize("NFC", character)
        for part in shown:
            assert part in "\n\t " or part in "[]U+0123456789ABCDEF" or face_of(part), hex(code)
        assert shown in (composed, f"[U+{code:04X}]", " ", "\n") or "[U+" in shown


def test_a_text_in_the_page_of_its_own_kind_keeps_its_line_breaks(minutes):
    pdf = draw(minutes(Text("first\nsecond\n\nfourth")))
    lines = page_text(pdf, 0).split()
    assert [word for word in lines if word in {"first", "second", "fourth"}] == ["first", "second", "fourth"]


@pytest.mark.parametrize(
    "text", ["", "short", "x" * 3001, "word " * 5000, "\n" * 500, "line\n" * 999, "a\n" + "b" * 9000]
)
def test_a_long_text_is_laid_out_in_pieces_that_lose_nothing(text):
    found = pieces(text)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(len(piece) <= 3000 and piece.count("\n") <= 60 for piece in found)
    assert sum(piece.count("\n") + 1 for piece in found) >= text.rstrip("\n").count("\n")


def test_a_head_line_is_one_line_of_bounded_length():
    assert one_line("a\n\u200bb", 20) == "a [U+200B]b"
    assert one_line("\u200b" * 50, 20) == "[U+200B][U+200B][U+…"
