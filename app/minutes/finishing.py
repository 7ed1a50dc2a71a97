"""The last pass over a drawn PDF: plain metadata, language, attachments, and nothing left over from the tools."""

from collections.abc import Mapping
from html import escape
from io import BytesIO

import pikepdf
from pikepdf import AttachedFileSpec, Dictionary, Name, Pdf, String

from app.minutes.seal import FIELD, FORMAT, FORMAT_KEY, RECORD, SEAL, SEALED_KEY

# What each attachment is, and how it relates to the pages, in the words of ISO 32000-2, 7.11.3.
_KINDS = {
    RECORD: ("The record these minutes were drawn from, for exchange between systems", Name("/Source")),
    SEAL: ("What the signature seals: digests of the record and of the text on the pages", Name("/Supplement")),
}
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">$title</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>$language</rdf:li></rdf:Bag></dc:language>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


def finished(pdf: bytes, *, title: str, language: str, attachments: Mapping[str, bytes]) -> bytes:
    """Return the drawn ``pdf`` with its metadata, its language and its attachments, the same bytes for the same input.

    Raises ValueError for an attachment other than the record or the seal.
    """
    with Pdf.open(BytesIO(pdf)) as drawn:
        _drop_leftovers(drawn)
        root = drawn.Root
        root.Lang = String(language)
        root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        root[FORMAT_KEY] = FORMAT
        del drawn.docinfo
        drawn.docinfo[Name.Title] = String(title)
        words = _XMP.replace("$title", escape(title)).replace("$language", escape(language))
        root.Metadata = drawn.make_stream(words.encode(), Type=Name.Metadata, Subtype=Name.XML)
        for name in sorted(attachments):
            _attach(drawn, name, attachments[name])
        return _saved(drawn)


def sealable(pdf: bytes, seal: bytes) -> bytes:
    """Return finished minutes with their seal attached and an empty, invisible field for the chair's signature."""
    with Pdf.open(BytesIO(pdf)) as minutes:
        _attach(minutes, SEAL, seal)
        page = minutes.pages[-1]
        field = minutes.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Sig,
                T=String(FIELD),
                TU=String("Signature of the chair"),
                F=132,  # printed and locked
                Rect=[0, 0, 0, 0],
                P=page.obj,
            )
        )
        page.obj.Annots = minutes.make_indirect(pikepdf.Array([field]))
        minutes.Root.AcroForm = Dictionary(Fields=[field], SigFlags=3)
        minutes.Root[SEALED_KEY] = FORMAT
        return _saved(minutes)


def attached(pdf: bytes, name: str) -> bytes | None:
    """Return the bytes of the attachment ``name``, or None if there is none."""
    with Pdf.open(BytesIO(pdf)) as minutes:
        found = minutes.attachments.get(name)
        return found.get_file().read_bytes() if found is not None else None


def _attach(pdf: Pdf, name: str, content: bytes) -> None:
    if name not in _KINDS:
        raise ValueError("minutes carry no attachment but the record and the seal")
    description, relationship = _KINDS[name]
    spec = AttachedFileSpec(
        pdf,
        content,
        filename=name,
        mime_type="application/json",
        description=description,
        creation_date="",
        mod_date="",
    )
    spec.relationship = relationship
    pdf.attachments[name] = spec


def _drop_leftovers(pdf: Pdf) -> None:
    """Take away the page transitions that ReportLab writes."""
    for page in pdf.pages:
        if Name.Trans in page.obj:
            del page.obj.Trans


def _saved(pdf: Pdf) -> bytes:
    out = BytesIO()
    pdf.save(
        out,
        force_version="2.0",
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        compress_streams=True,
        fix_metadata_version=False,
    )
    return out.getvalue()
