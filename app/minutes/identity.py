"""The chair as a signer: an authority of their own, and under it the certificate that signs minutes.

A certificate that vouches for itself cannot be made trusted in common viewers; one issued by an authority can, by
importing the authority once. The keys are returned as bytes for the encrypted store and never touch a disk.
"""

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_der_private_key
from cryptography.x509.oid import NameOID

_AUTHORITY_DAYS = 3652
_SIGNER_DAYS = 730
_LONGEST_NAME = 64  # upper bounds of RFC 5280, appendix A.1; counted in bytes of UTF-8 here, the stricter reading
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Identity:
    """A signer's certificate and its authority's, each with its private key; all four are DER, keys are PKCS #8."""

    authority: bytes
    authority_key: bytes = field(repr=False)
    certificate: bytes
    key: bytes = field(repr=False)

    def authority_pem(self) -> bytes:
        """Return the public part that others import in order to trust these signatures."""
        return x509.load_der_x509_certificate(self.authority).public_bytes(Encoding.PEM)

    @property
    def fingerprint(self) -> str:
        """Return the SHA-256 of the signer's certificate, in groups for reading aloud."""
        return fingerprint(self.certificate)

    @property
    def authority_fingerprint(self) -> str:
        """Return the SHA-256 of the authority's certificate, in groups for reading aloud."""
        return fingerprint(self.authority)

    @property
    def expires(self) -> datetime:
        """Return the moment, in UTC, after which the signer's certificate no longer signs."""
        return x509.load_der_x509_certificate(self.certificate).not_valid_after_utc

    def sign(self, content: bytes) -> bytes:
        """Return the ECDSA signature (DER) over ``content``, hashed with SHA-256."""
        key = load_der_private_key(self.key, None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError("the signer's key is not of the kind this program makes")
        return key.sign(content, ec.ECDSA(hashes.SHA256()))


def fingerprint(certificate: bytes) -> str:
    """Return the SHA-256 of a certificate (DER) as sixteen groups of four hexadecimal digits."""
    digits = sha256(certificate).hexdigest().upper()
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def make_identity(name: str, role: str, organisation: str, at: datetime, serials: tuple[int, int]) -> Identity:
    """Return a new identity for a chair, with new keys, valid from ``at``.

    ``serials`` are the serial numbers of the authority and of the signer: positive, different, below 2**159.
    """
    start = at.replace(microsecond=0)
    authority_key = ec.generate_private_key(ec.SECP384R1())
    key = ec.generate_private_key(ec.SECP256R1())
    by = _shortened(organisation, "Chairside")
    whose = _shortened(name, "Chair")
    authority_name = _name(_shortened(f"Minutes of {whose}", "Minutes"), "Signing authority", by)
    authority = _signed(
        _builder(authority_name, authority_name, authority_key.public_key(), serials[0], start, _AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True),
        authority_key,
    )
    certificate = _signed(
        _builder(_name(whose, _shortened(role, "Chair"), by), authority_name, key.public_key(), serials[1], start)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True),
        authority_key,
    )
    return Identity(
        authority=authority.public_bytes(Encoding.DER),
        authority_key=_private(authority_key),
        certificate=certificate.public_bytes(Encoding.DER),
        key=_private(key),
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    serial: int,
    start: datetime,
    days: int = _SIGNER_DAYS,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(serial)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _signed(builder: x509.CertificateBuilder, issuer_key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    by = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    return builder.add_extension(by, critical=False).sign(issuer_key, hashes.SHA384())


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common: str, title: str, organisation: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.TITLE, title),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _shortened(text: str, otherwise: str) -> str:
    """Return ``text`` on one line, without characters that cannot be seen, as long as a certificate allows."""
    seen = "".join(" " if unicodedata.category(c) in _UNPRINTABLE else c for c in unicodedata.normalize("NFC", text))
    whole = " ".join(seen.split()).encode()
    return whole[:_LONGEST_NAME].decode(errors="ignore").strip() or otherwise


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
