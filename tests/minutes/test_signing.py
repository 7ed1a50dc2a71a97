"""Signing: what comes out is whole, certified and valid for others too, or it is not called signed."""

import subprocess
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_der_private_key

from app.minutes import finishing
from app.minutes import seal as seals
from app.minutes.document import Text
from app.minutes.identity import make_identity
from app.minutes.pages import comparable_text
from app.minutes.pdf import draw
from app.minutes.signing import NotSigned, seal_pdf
from app.minutes.verification import Code, verify


def test_an_independent_reader_calls_the_signature_valid_and_the_document_whole(signed, tmp_path):
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed.pdf)
    ran = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=False)
    assert "Signature is Valid" in ran.stdout
    assert "Total document signed" in ran.stdout
    assert "Amina Okafor" in ran.stdout
    checked = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def test_the_pages_that_were_previewed_are_the_pages_that_are_signed(drawn, signed):
    assert comparable_text(drawn) == comparable_text(signed.pdf)
    with pikepdf.open(BytesIO(drawn)) as before, pikepdf.open(BytesIO(signed.pdf)) as after:
        assert [page.Contents.read_bytes() for page in before.pages] == [
            page.Contents.read_bytes() for page in after.pages
        ]


def test_the_seal_says_what_was_sealed_and_names_no_person(signed, at):
    content = finishing.attached(signed.pdf, seals.SEAL)
    seal = seals.read(content)
    assert seal == signed.seal
    assert (seal.reference, seal.version, seal.dissents, seal.audit.sequence) == ("NM-2026-0114", 1, 1, 812)
    assert seal.moment == at
    assert b"Amina" not in content
    assert finishing.attached(signed.pdf, seals.RECORD) == b'{"format": "a record"}'


def test_signing_twice_differs_in_nothing_but_the_signature(drawn, chair, at, seal_fields, signed):
    again = seal_pdf(drawn, chair, at, seal_fields).pdf
    start = again.rindex(b"/ByteRange")
    gap = again.rindex(b"<", 0, start)
    assert again[:gap] == signed.pdf[:gap]
    assert again[start:] == signed.pdf[start:]


def test_minutes_without_a_record_are_not_signed(minutes, chair, at, seal_fields):
    with pytest.raises(NotSigned, match="no record"):
        seal_pdf(draw(minutes(Text("x"))), chair, at, seal_fields)


def test_what_is_no_pdf_is_not_signed(chair, at, seal_fields):
    with pytest.raises(NotSigned, match="could not be read back"):
        seal_pdf(b"not a pdf", chair, at, seal_fields)


def test_minutes_already_signed_are_not_signed_again(signed, chair, at, seal_fields):
    with pytest.raises(NotSigned, match="signed already"):
        seal_pdf(signed.pdf, chair, at, seal_fields)


def test_an_expired_certificate_does_not_sign(drawn, chair, at, seal_fields):
    with pytest.raises(NotSigned):
        seal_pdf(drawn, chair, at + timedelta(days=731), seal_fields)


def test_a_key_that_does_not_belong_to_the_certificate_does_not_sign(drawn, chair, at, seal_fields):
    other = make_identity("Somebody", "Else", "Elsewhere", at, (5, 6))
    with pytest.raises(NotSigned):
        seal_pdf(drawn, replace(chair, key=other.key), at, seal_fields)


def test_a_damaged_identity_does_not_sign(drawn, chair, at, seal_fields):
    for broken in (
        replace(chair, certificate=b"no certificate"),
        replace(chair, key=b"no key"),
        replace(chair, key=a_key_of_another_kind()),
    ):
        with pytest.raises(NotSigned):
            seal_pdf(drawn, broken, at, seal_fields)


def a_key_of_another_kind():
    key = ed25519.Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def test_what_only_the_second_reader_refuses_is_not_called_signed(drawn, chair, at, seal_fields):
    before = x509.load_der_x509_certificate(chair.certificate)
    builder = (
        x509.CertificateBuilder()
        .subject_name(before.subject)
        .issuer_name(before.issuer)
        .public_key(before.public_key())
        .serial_number(99)
        .not_valid_before(before.not_valid_before_utc)
        .not_valid_after(before.not_valid_after_utc)
        .add_extension(x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4.5"), b"\x05\x00"), critical=True)
    )
    for extension in before.extensions:
        builder = builder.add_extension(extension.value, extension.critical)
    odd = builder.sign(load_der_private_key(chair.authority_key, None), hashes.SHA384()).public_bytes(Encoding.DER)
    with pytest.raises(NotSigned, match="second reader"):
        seal_pdf(drawn, replace(chair, certificate=odd), at, seal_fields)


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": "1"},
        {"version": True},
        {"dissents": -1},
        {"audit": {"sequence": 1}},
        {"audit": {"sequence": 1, "head": "xyz"}},
        {"extra": 1},
        {"reference": None},
    ],
)
def test_a_seal_with_something_else_in_it_is_refused(drawn, chair, at, seal_fields, wrong):
    with pytest.raises(seals.SealUnreadable):
        seal_pdf(drawn, chair, at, {**seal_fields, **wrong})


def test_a_long_name_in_any_script_signs(drawn, at, seal_fields):
    long = make_identity("王" * 200, "\u202eजिम्मेदार\x00" * 30, "ਸੇਵਾ " * 60, at, (2**150, 2**150 + 1))
    out = seal_pdf(drawn, long, at, seal_fields)
    verdict = verify(out.pdf, [long.authority_pem()])
    assert (verdict.code, verdict.signer) == (Code.TRUSTED, "王" * 21)


def test_a_seal_whose_time_is_none_is_not_a_seal(signed):
    content = signed.seal.to_json()
    for wrong in (content.replace(b"2026-12-10T", b"2026-13-40T"), b"[]", b"null"):
        with pytest.raises(seals.SealUnreadable):
            seals.read(wrong)
    assert seals.read(content) == signed.seal
