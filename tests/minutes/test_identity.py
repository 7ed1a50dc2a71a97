"""A chair's identity: an authority others can trust, and a certificate that signs."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from app.minutes.identity import make_identity


def test_the_authority_signs_certificates_and_nothing_else(chair):
    authority = x509.load_der_x509_certificate(chair.authority)
    constraints = authority.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (constraints.value.ca, constraints.value.path_length, constraints.critical) == (True, 0, True)
    usage = authority.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.key_cert_sign, usage.digital_signature, usage.content_commitment) == (True, False, False)
    assert authority.public_key().curve.name == "secp384r1"
    authority.verify_directly_issued_by(authority)


def test_the_signers_certificate_signs_for_two_years_and_cannot_be_denied(chair, at):
    signer = x509.load_der_x509_certificate(chair.certificate)
    usage = signer.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.content_commitment, usage.key_cert_sign) == (True, True, False)
    assert signer.public_key().curve.name == "secp256r1"
    assert (signer.not_valid_before_utc, signer.not_valid_after_utc) == (at, at + timedelta(days=730))
    assert chair.expires == at + timedelta(days=730)
    signer.verify_directly_issued_by(x509.load_der_x509_certificate(chair.authority))


def test_the_public_part_holds_no_key(chair):
    pem = chair.authority_pem()
    assert pem.startswith(b"-----BEGIN CERTIFICATE-----")
    assert b"PRIVATE" not in pem
    assert repr(chair.key) not in repr(chair)


def test_a_fingerprint_can_be_read_aloud(chair):
    assert len(chair.fingerprint.split()) == 16
    assert all(len(group) == 4 for group in chair.authority_fingerprint.split())


@pytest.mark.parametrize("name", ["", " ", "\x00\u202e\ud800", "a" * 500, "ஶ்ரீ" * 50, "O’Brien, Siân", "CN=x,O=y"])
def test_any_name_makes_an_identity(name, at):
    signer = x509.load_der_x509_certificate(make_identity(name, name, name, at, (1, 2)).certificate)
    common = signer.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    assert 1 <= len(common.encode()) <= 64
