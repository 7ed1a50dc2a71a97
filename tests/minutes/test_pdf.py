"""Minutes as pages: complete, the same every time, and readable in any viewer."""

import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from app.minutes import seal as seals
from app.minutes.document import (
    Facts,
    Heading,
    Listing,
    PageBreak,
    SignaturePanel,
    Table,
    Text,
    TextRole,
)
from app.minutes.finishing import attached
from app.minutes.fonts import _letters
from app.minutes.pages import comparable_text, page_count, page_text
from app.minutes.pdf import draw

SENTENCE = "The nursery said that Robin's mother had asked twice for help with nights. "
FORTY_PAGES = [
    block
    for item in range(1, 61)
    for block in (
        Heading(1, f"{item}. What each agency knows"),
        Text(SENTENCE * 6),
        Heading(2, "Said at the table"),
        Table(("Time", "Who", "What"), tuple(("10:41", "Health", SENTENCE) for _ in range(6)), (1, 2, 6)),
        Facts((("Owner", "Health"), ("Due", "11 December 2026"))),
        Text(SENTENCE, TextRole.QUOTE),
        Listing((SENTENCE, SENTENCE), numbered=True),
    )
]


def fonts_of(pdf, folder):
    path = folder / "minutes.pdf"
    path.write_bytes(pdf)
    ran = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True)
    return [line.split() for line in ran.stdout.splitlines()[2:]]


def test_forty_pages_carry_their_marking_their_reference_and_their_number(minutes):
    pdf = draw(minutes(*FORTY_PAGES, header_alert="NOT QUORATE: police left at 10:58"))
    pages = page_count(pdf)
    assert pages >= 40
    for index in range(pages):
        text = " ".join(page_text(pdf, index).split())
        assert "Restricted: children's records" in text
        assert "NOT QUORATE: police left at 10:58" in text
        assert "NM-2026-0114, version 1, sealed" in text.replace("\ufffe", "-").replace("\x02", "-")
        assert f"Page {index + 1} of {pages}" in text


def test_the_same_document_gives_the_same_bytes_even_in_another_process(minutes, tmp_path):
    document = minutes(Heading(1, "Łukasz 王小明"), Text("محمد"), Table(("A",), (("b",),)))
    pdf = draw(document, {"record.json": b"{}"})
    draw(minutes(Text("Володимир ไทย")))
    assert draw(document, {"record.json": b"{}"}) == pdf
    program = (
        "import sys; from app.minutes.document import *; from app.minutes.pdf import draw;"
        f"sys.stdout.buffer.write(draw({document!r}, {{'record.json': b'{{}}'}}))"
    )
    program = program.replace("<TextRole.NORMAL: 'normal'>", "TextRole.NORMAL")
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, env=environment)
    assert ran.stdout == pdf


def test_every_font_is_embedded_and_copies_as_unicode(minutes, tmp_path):
    pdf = draw(
        minutes(*FORTY_PAGES[:14], Text("Łukasz محمد דוד अमित 王小明 ☐ ไทย"), Table(("A", "B"), (("only one",),)))
    )
    fonts = fonts_of(pdf, tmp_path)
    assert len(fonts) >= 7
    for font in fonts:
        assert font[-5:-2] == ["yes", "yes", "yes"], font
        assert "Helvetica" not in font[0]


def test_no_content_names_a_font_that_is_not_there(minutes):
    pdf = draw(minutes(*FORTY_PAGES[:14], SignaturePanel("A", "B", "C"), Table(("A", "B"), (("only one",),))))
    with pikepdf.open(BytesIO(pdf)) as opened:
        for page in opened.pages:
            have = set(page.resources.get("/Font", {}).keys())
            used = {str(operands[0]) for operands, operator in pikepdf.parse_content_stream(page, "Tf")}
            assert used <= have
            assert "/Trans" not in page


def test_the_metadata_hold_the_title_and_nothing_about_the_machine(drawn):
    with pikepdf.open(BytesIO(drawn)) as pdf:
        assert dict(pdf.docinfo.items()) == {"/Title": "Record of an initial strategy discussion, NM-2026-0114"}
        assert pdf.Root.Lang == "en-GB"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        xmp = pdf.Root.Metadata.read_bytes()
    for trace in (b"ReportLab", b"anonymous", b"pikepdf", b"CreateDate"):
        assert trace.lower() not in drawn.lower() + xmp.lower()


def test_headings_make_the_outline(minutes):
    levels = (2, 1, 3, 2, 1)
    pdf = draw(minutes(*(Heading(level, f"<b>{n}</b>\nline") for n, level in enumerate(levels)), Text("x")))
    with pikepdf.open(BytesIO(pdf)) as opened, opened.open_outline() as outline:
        assert [entry.title for entry in outline.root][:1] == ["<b>0</b> line"]

        def total(entries):
            return sum(1 + total(entry.children) for entry in entries)

        assert total(outline.root) == len(levels)


def test_the_record_is_an_associated_file(minutes):
    pdf = draw(minutes(Text("x")), {seals.RECORD: b'{"a": 1}'})
    assert attached(pdf, seals.RECORD) == b'{"a": 1}'
    assert attached(pdf, seals.SEAL) is None
    with pikepdf.open(BytesIO(pdf)) as opened:
        (spec,) = opened.Root.AF
        assert (str(spec.AFRelationship), str(spec.UF)) == ("/Source", "record.json")
        assert str(spec.Desc)
    with pytest.raises(ValueError, match="no attachment but"):
        draw(minutes(Text("x")), {"../../evil.exe": b""})


def test_a_statement_of_thirty_thousand_characters_breaks_nothing(minutes):
    statement = (SENTENCE * 500)[:30_000]
    blocks = (
        Text(statement, TextRole.QUOTE),
        Text(statement, TextRole.WARNING),
        Facts((("Label", statement), (statement, "value"))),
        Table(("Who", "What"), (("Health", statement), ("Police", "short")), (1, 1)),
        Listing((statement,)),
        SignaturePanel("Amina Okafor", "Team manager", statement),
        Heading(1, statement[:3500]),
    )
    text = comparable_text(draw(minutes(*blocks)))
    assert text.count("Thenurserysaid") >= 7 * 370


def test_an_unbroken_word_is_wrapped_and_kept(minutes):
    pdf = draw(
        minutes(Text("W" * 3000), Table(("a", "b", "c"), (("", "X" * 900, ""),)), Facts((("Y" * 300, "Z" * 900),)))
    )
    text = comparable_text(pdf)
    assert [text.count(letter) for letter in "WXYZ"] == [3000, 900, 300, 900]
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert all(
            list(map(float, page.mediabox)) == pytest.approx([0, 0, 595.2756, 841.8898], abs=0.01)
            for page in opened.pages
        )


def test_a_tables_header_is_repeated_on_each_page(minutes):
    pdf = draw(minutes(Table(("Time of day", "Words"), tuple((str(n), SENTENCE) for n in range(120)))))
    assert page_count(pdf) > 3
    for index in range(page_count(pdf)):
        assert "Time of day" in page_text(pdf, index)


def test_a_row_that_does_not_fit_its_table_is_refused(minutes):
    with pytest.raises(ValueError, match="more cells"):
        draw(minutes(Table(("one",), (("a", "b"),))))


@pytest.mark.parametrize(
    "blocks",
    [
        (),
        (Text(""),),
        (Table((), ()),),
        (Table(("only a header",), ()),),
        (Facts(()),),
        (Listing(()),),
        (PageBreak(), PageBreak()),
        (Heading(9, ""), Heading(0, "")),
        (SignaturePanel("", "", ""),),
    ],
)
def test_minutes_with_nothing_in_them_are_still_minutes(minutes, blocks):
    assert page_count(draw(minutes(*blocks))) >= 1


def test_a_long_alert_leaves_room_for_the_page(minutes):
    pdf = draw(minutes(Text(SENTENCE), header_alert="NOT QUORATE <b>\n" * 500))
    assert page_count(pdf) == 1
    assert "…" in page_text(pdf, 0)


def test_settings_of_other_programs_are_never_run(tmp_path):
    (tmp_path / ".reportlab_settings").write_text("import pathlib; pathlib.Path('ran').write_text('home')")
    (tmp_path / "reportlab_settings.py").write_text("import pathlib; pathlib.Path('ran').write_text('path')")
    program = (
        "import app.minutes.pdf, reportlab.rl_config as c; assert c.trustedHosts is None and c.pageCompression == 1"
    )
    environment = {
        **os.environ,
        "HOME": str(tmp_path),
        "RL_trustedHosts": "evil.example",
        "RL_pageCompression": "0",
        "PYTHONPATH": os.pathsep.join([str(Path.cwd()), str(tmp_path)]),
    }
    subprocess.run([sys.executable, "-c", program], check=True, cwd=tmp_path, env=environment)
    assert not (tmp_path / "ran").exists()


def test_settings_that_were_run_before_us_are_noticed():
    program = (
        "import reportlab.rl_config, app.minutes.fonts as f\ntry: f.ready()\nexcept RuntimeError: print('noticed')"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout == "noticed\n"


def test_a_missing_font_is_said_in_words():
    with pytest.raises(FileNotFoundError, match="install Chairside again"):
        _letters("NoSuchFont")
