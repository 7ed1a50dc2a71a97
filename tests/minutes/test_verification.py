"""What verify says about signed minutes, and about everything else it may be given."""

import json
import random
import re
import subprocess
import sys
from base64 import b64encode
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.generic import NumberObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from app.minutes import cms, finishing
from app.minutes import seal as seals
from app.minutes.document import Heading, Text
from app.minutes.identity import make_identity
from app.minutes.pages import READER, comparable_text
from app.minutes.pdf import draw
from app.minutes.signing import _certified, seal_pdf
from app.minutes.verification import SENTENCES, AuthorityUnreadable, Code, sealed_parts, verify


def gap_of(pdf):
    end = pdf.rindex(b">\n/ByteRange") + 1
    return pdf.rindex(b"<", 0, end), end


def test_signed_minutes_are_unchanged_and_their_signer_trusted(signed, chair, at):
    verdict = verify(signed.pdf, [chair.authority_pem()])
    assert verdict.code is Code.TRUSTED
    assert (verdict.signer, verdict.claimed_at, verdict.reference, verdict.version) == (
        "Amina Okafor",
        at,
        "NM-2026-0114",
        1,
    )
    assert verdict.signer_fingerprint == chair.fingerprint
    assert all(check.ok for check in verdict.checks)
    assert "unchanged" in verdict.sentence


def test_without_an_authority_to_trust_the_signer_is_unknown(signed):
    assert verify(signed.pdf).code is Code.UNKNOWN_SIGNER


def test_every_code_has_one_sentence_that_ends():
    assert set(SENTENCES) == set(Code)
    assert all(sentence.endswith(".") for sentence in SENTENCES.values())


def test_one_changed_byte_anywhere_is_a_change(signed, chair):
    pdf, trust = signed.pdf, [chair.authority_pem()]
    start, end = gap_of(pdf)
    chance = random.Random(20261210)
    places = {*range(40), *range(len(pdf) - 700, len(pdf)), *range(start - 120, start + 30), *range(end - 8, end)}
    places |= {start + 1 + 2 * at for at in range(0, 900, 7)}
    places |= set(chance.sample(range(len(pdf)), 300)) | set(chance.sample(range(start, end), 60))
    for place in sorted(places):
        changed = bytearray(pdf)
        changed[place] ^= 1 << chance.randrange(8)
        assert verify(bytes(changed), trust).code is Code.CHANGED, place


def test_the_case_of_the_signatures_digits_is_part_of_it(signed):
    start, end = gap_of(signed.pdf)
    for place in range(start, end):
        if chr(signed.pdf[place]).isupper():
            changed = bytearray(signed.pdf)
            changed[place] |= 0x20
            assert verify(bytes(changed)).code is Code.CHANGED
            break
    lower = signed.pdf[:start] + signed.pdf[start:end].lower() + signed.pdf[end:]
    assert verify(lower).code is Code.CHANGED


def test_each_byte_of_the_signature_itself_counts(signed):
    start, _ = gap_of(signed.pdf)
    raw = bytes.fromhex(signed.pdf[start + 1 : start + 8193].decode())
    used = len(raw.rstrip(b"\0"))
    for place in (*range(0, used, 3), used, used + 1, len(raw) - 1):
        other = bytearray(raw)
        other[place] ^= 0x01
        changed = signed.pdf[: start + 1] + other.hex().upper().encode() + signed.pdf[start + 8193 :]
        assert verify(changed).code is Code.CHANGED, place


def test_the_mirrored_form_of_the_signature_is_not_accepted(signed):
    start, end = gap_of(signed.pdf)
    raw = bytes.fromhex(signed.pdf[start + 1 : end - 1].decode())
    digest = sha256(signed.pdf[:start] + signed.pdf[end:]).digest()
    certificate, signature = cms.parts(raw, digest)
    r, s = cms.decode_dss_signature(signature)
    mirrored = cms.form(digest, certificate, cms.encode_dss_signature(r, cms._ORDER - s))
    digits = mirrored.hex().upper().encode().ljust(end - start - 2, b"0")
    assert verify(signed.pdf[: start + 1] + digits + signed.pdf[end - 1 :]).code is Code.CHANGED


def with_gap(signed, certificate, signature):
    start, end = gap_of(signed.pdf)
    digest = sha256(signed.pdf[:start] + signed.pdf[end:]).digest()
    digits = cms.form(digest, certificate, signature).hex().upper().encode().ljust(end - start - 2, b"0")
    return signed.pdf[: start + 1] + digits + signed.pdf[end - 1 :]


def test_a_form_with_another_kind_of_certificate_in_it_is_a_change(signed, chair):
    signature = cms.encode_dss_signature(5, 7)
    assert verify(with_gap(signed, chair.certificate, signature)).code is Code.CHANGED
    assert verify(with_gap(signed, chair.authority, signature)).code is Code.CHANGED
    point = chair.certificate.index(b"\x03\x42\x00\x04") + 10
    off_the_curve = chair.certificate[:point] + bytes([chair.certificate[point] ^ 1]) + chair.certificate[point + 1 :]
    assert verify(with_gap(signed, off_the_curve, signature)).code is Code.CHANGED
    of_no_version = chair.certificate.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x03", 1)
    assert verify(with_gap(signed, of_no_version, signature)).code is Code.CHANGED


def test_an_odd_number_of_digits_is_a_change(signed):
    start, end = gap_of(signed.pdf)
    numbers = re.search(rb"\[0 (\d+) (\d+) (\d+)\]", signed.pdf[end:])
    shorter = b"[0 %d %d %s]" % (start, end - 1, numbers[3])
    pdf = signed.pdf[: end - 2] + b">" + signed.pdf[end:].replace(numbers[0], shorter)
    assert len(pdf) == end - 1 + int(numbers[3])
    assert verify(pdf).code is Code.CHANGED


@pytest.mark.parametrize("more", [b" ", b"\n", b"\0", b"%%EOF\n", b"%PDF-1.7\n", b"x" * 4000])
def test_bytes_after_the_end_are_a_change(signed, more):
    assert verify(signed.pdf + more).code is Code.CHANGED
    assert verify(more + signed.pdf).code is Code.CHANGED


def test_an_appended_update_is_a_change(signed):
    update = IncrementalPdfFileWriter(BytesIO(signed.pdf))
    page = update.root["/Pages"]["/Kids"][0]
    page[pdf_name("/Rotate")] = NumberObject(90)
    update.update_container(page)
    out = BytesIO()
    update.write(out)
    assert out.getvalue().startswith(signed.pdf)
    assert verify(out.getvalue()).code is Code.CHANGED


@pytest.mark.parametrize("mode", list(pikepdf.ObjectStreamMode.__members__.values()))
@pytest.mark.parametrize("linearize", [False, True])
def test_a_rewritten_file_is_a_change(signed, mode, linearize):
    out = BytesIO()
    with pikepdf.open(BytesIO(signed.pdf)) as pdf:
        pdf.save(out, object_stream_mode=mode, linearize=linearize)
    assert verify(out.getvalue()).code is Code.CHANGED


def test_a_second_signature_is_a_change(signed, at):
    other = make_identity("Ray Hollis", "Sergeant", "Northmoor Police", at, (21, 22))
    field = SigFieldSpec("Another", on_page=0, box=(0, 0, 0, 0))
    steps = PdfCMSEmbedder(new_field_spec=field).write_cms("Another", IncrementalPdfFileWriter(BytesIO(signed.pdf)))
    next(steps)
    steps.send(SigObjSetup(SignatureObject(timestamp=at, subfilter=SigSeedSubFilter.PADES, bytes_reserved=8192)))
    out = BytesIO()
    prepared, _ = steps.send(SigIOSetup(md_algorithm="sha256", output=out))
    steps.send(cms.signed(prepared.document_digest, other.certificate, other.sign))
    assert out.getvalue().startswith(signed.pdf)
    assert verify(out.getvalue(), [other.authority_pem()]).code is not Code.TRUSTED


def test_a_file_cut_short_is_changed_and_one_cut_to_its_first_revision_is_unsigned(signed):
    first = signed.pdf.index(b"%%EOF\n") + len(b"%%EOF\n")
    assert verify(signed.pdf[:first]).code is Code.NOT_SIGNED
    for length in (first - 3, first + 1, first + 500, len(signed.pdf) - 2, len(signed.pdf) - 900):
        assert verify(signed.pdf[:length]).code is Code.CHANGED


def test_another_chair_with_the_same_name_stays_unknown_under_our_trust(drawn, chair, at, seal_fields):
    other = make_identity("Amina Okafor", "Team manager", "Northmoor Children's Services", at, (11, 12))
    forged = seal_pdf(drawn, other, at, seal_fields).pdf
    verdict = verify(forged, [chair.authority_pem()])
    assert (verdict.code, verdict.signer) == (Code.UNKNOWN_SIGNER, "Amina Okafor")
    assert verify(forged, [chair.authority_pem(), other.authority_pem()]).code is Code.TRUSTED


def test_a_signing_time_outside_the_certificates_life_is_not_trusted(drawn, chair, at, seal_fields):
    record = finishing.attached(drawn, seals.RECORD)
    made = seals.made(
        seal_fields,
        record=record,
        text=comparable_text(drawn),
        reader=READER,
        at=at - timedelta(days=1),
        signer=chair.fingerprint,
    )
    early = _certified(finishing.sealable(drawn, made.to_json()), chair, at - timedelta(days=1))
    assert verify(early, [chair.authority_pem()]).code is Code.UNKNOWN_SIGNER


@pytest.mark.parametrize(
    ("record", "text", "content"),
    [
        (b"another record", None, None),
        (None, "another text", None),
        (None, None, b"{}"),
        (None, None, b"not json"),
        (None, None, b"[" * 100_000),
        (None, None, b""),
    ],
)
def test_a_seal_that_does_not_fit_is_told_apart_from_a_change(drawn, chair, at, seal_fields, record, text, content):
    made = seals.made(
        seal_fields,
        record=record or finishing.attached(drawn, seals.RECORD),
        text=text or comparable_text(drawn),
        reader=READER,
        at=at,
        signer=chair.fingerprint,
    )
    wrong = _certified(finishing.sealable(drawn, made.to_json() if content is None else content), chair, at)
    assert verify(wrong, [chair.authority_pem()]).code is Code.SEAL_DIFFERS


def test_a_text_read_by_another_version_of_the_reader_is_not_held_against_the_minutes(drawn, chair, at, seal_fields):
    record = finishing.attached(drawn, seals.RECORD)
    made = seals.made(seal_fields, record=record, text="x", reader="pdfium 1", at=at, signer=chair.fingerprint)
    verdict = verify(_certified(finishing.sealable(drawn, made.to_json()), chair, at), [chair.authority_pem()])
    assert verdict.code is Code.TRUSTED
    assert any(check.detail.startswith("not compared") for check in verdict.checks)


def test_minutes_sealed_in_the_first_format_still_verify(drawn, chair, at, seal_fields):
    made = seals.made(
        seal_fields,
        record=finishing.attached(drawn, seals.RECORD),
        text=comparable_text(drawn),
        reader=READER,
        at=at,
        signer=chair.fingerprint,
    )
    fields = json.loads(made.to_json()) | {"format": 1}
    with_a_tree = _certified(finishing.sealable(drawn, json.dumps(fields).encode()), chair, at)
    assert verify(with_a_tree, [chair.authority_pem()]).code is Code.SEAL_DIFFERS
    del fields["merkle_root"], fields["leaf_count"]
    first = _certified(finishing.sealable(drawn, json.dumps(fields).encode()), chair, at)
    assert verify(first, [chair.authority_pem()]).code is Code.TRUSTED
    seal, record = sealed_parts(first)
    assert (seal.format, seal.merkle_root, seal.leaf_count) == (1, "", 0)
    assert record == finishing.attached(drawn, seals.RECORD)
    for missing in (
        {**fields, "format": 2},
        {**fields, "format": 3},
        {**json.loads(made.to_json()), "merkle_root": "x"},
    ):
        other = _certified(finishing.sealable(drawn, json.dumps(missing).encode()), chair, at)
        assert verify(other, [chair.authority_pem()]).code is Code.SEAL_DIFFERS


def test_drafts_and_other_peoples_pdfs_are_not_signed_minutes(drawn):
    assert verify(drawn).code is Code.NOT_SIGNED
    out = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    assert verify(out.getvalue()).code is Code.NOT_SIGNED


@pytest.mark.parametrize("content", [b"", b"\0", b"%PDF-1.7\n", b"PK\x03\x04" + bytes(500), b"text " * 20_000])
def test_what_is_no_pdf_cannot_be_read(content):
    assert verify(content).code is Code.UNREADABLE


def test_a_user_who_types_our_marks_cannot_confuse_the_reading(minutes, chair, at, seal_fields):
    hostile = "/ByteRange [0 1 2 3] /Contents <00> seal.json %%EOF startxref 0 /CHSD_Sealed"
    pdf = draw(minutes(Heading(1, hostile), Text(hostile)), {seals.RECORD: hostile.encode()})
    signed = seal_pdf(pdf, chair, at, seal_fields).pdf
    assert verify(signed, [chair.authority_pem()]).code is Code.TRUSTED


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_bytes_make_it_fail(signed, data):
    pdf = bytearray(signed.pdf)
    for _ in range(data.draw(st.integers(0, 6))):
        at = data.draw(st.integers(0, len(pdf)))
        cut = data.draw(st.integers(0, 3000))
        pdf[at : at + cut] = data.draw(st.binary(max_size=60))
    assert verify(bytes(pdf)).code in set(Code)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"", b"%PDF-2.0\n/CHSD_Sealed\n/ByteRange [0 9 30 1]   <30820000>"]))
def test_noise_is_answered_too(noise, before):
    assert verify(before + noise).code in {Code.UNREADABLE, Code.CHANGED, Code.NOT_SIGNED}


def pem(certificate):
    return b"-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n" % b64encode(certificate)


def test_a_wrong_authority_is_refused_in_one_sentence(signed, chair):
    of_no_version = chair.authority.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x03", 1)
    for wrong in (b"", b"no certificate", pem(b"\0\0\0"), pem(of_no_version)):
        with pytest.raises(AuthorityUnreadable):
            verify(signed.pdf, [wrong])


def test_verifying_needs_neither_the_store_nor_the_writer():
    program = (
        "import sys, app.minutes.verification;"
        "print([m for m in ('reportlab', 'pyhanko', 'PySide6', 'sqlalchemy', 'pikepdf') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert ran.stdout.strip() == "[]"
