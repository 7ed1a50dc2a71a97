"""A second, small verifier, written from ``resources/docs/formats/minutes-pdf.md`` alone."""

import re
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec


def der(tag, *parts):
    content = b"".join(parts)
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def read(data, at=0):
    """Return tag, start and end of content at ``at``."""
    size, start = data[at + 1], at + 2
    if size & 0x80:
        start += size & 0x7F
        size = int.from_bytes(data[at + 2 : start], "big")
    return data[at], start, start + size


def oid(dotted):
    first, second, *rest = map(int, dotted.split("."))
    out = bytes([first * 40 + second])
    for number in rest:
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.insert(0, 0x80 | (number & 0x7F))
        out += bytes(groups)
    return der(0x06, out)


SHA256 = der(0x30, oid("2.16.840.1.101.3.4.2.1"), der(0x05))
ECDSA = der(0x30, oid("1.2.840.10045.4.3.2"))
DATA = oid("1.2.840.113549.1.7.1")
VERSION = der(0x02, b"\x01")


def attributes(digest, certificate):
    reference = der(0x30, der(0x30, der(0x30, der(0x04, sha256(certificate).digest()))))
    pairs = [
        ("1.2.840.113549.1.9.3", DATA),
        ("1.2.840.113549.1.9.4", der(0x04, digest)),
        ("1.2.840.113549.1.9.16.2.47", reference),
    ]
    return b"".join(sorted(der(0x30, oid(name), der(0x31, value)) for name, value in pairs))


def form(digest, certificate, value):
    _, start, _ = read(certificate)
    fields, at = [], read(certificate, start)[1]
    while len(fields) < 4:  # version, serial number, algorithm, issuer
        end = read(certificate, at)[2]
        fields.append(certificate[at:end])
        at = end
    signer = der(
        0x30,
        VERSION,
        der(0x30, fields[3], fields[1]),
        SHA256,
        der(0xA0, attributes(digest, certificate)),
        ECDSA,
        der(0x04, value),
    )
    content = der(0x30, VERSION, der(0x31, SHA256), der(0x30, DATA), der(0xA0, certificate), der(0x31, signer))
    return der(0x30, oid("1.2.840.113549.1.7.2"), der(0xA0, content))


def unchanged(pdf):
    """Return the signer's certificate if no byte of ``pdf`` has changed, else None."""
    found = re.findall(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\] *", pdf)
    if not found:
        return None
    a, b, c = map(int, found[-1])
    if b + c != len(pdf):
        return None
    digest = sha256(pdf[:a] + pdf[b:]).digest()
    raw = bytes.fromhex(pdf[a + 1 : b - 1].decode())
    starts = [match.start() for match in re.finditer(b"\x30\x82", raw)]
    certificate = next(raw[at : read(raw, at)[2]] for at in starts if raw[at + 4 : at + 6] == b"\x30\x82" and at > 30)
    whole = raw[: read(raw)[2]]
    value = whole[-next(n for n in range(68, 75) if whole[-n] == 0x30 and whole[-n + 1] == n - 2) :]
    expected = b"<" + form(digest, certificate, value).hex().upper().encode().ljust(b - a - 2, b"0") + b">"
    if expected != pdf[a:b]:
        return None
    signed = der(0x31, attributes(digest, certificate))
    x509.load_der_x509_certificate(certificate).public_key().verify(value, signed, ec.ECDSA(hashes.SHA256()))
    return certificate


def test_the_page_is_enough_to_verify_signed_minutes(signed, chair):
    assert unchanged(signed.pdf) == chair.certificate
    changed = signed.pdf.replace(b"/CHSD_Sealed 1", b"/CHSD_Sealed 2")
    assert unchanged(changed) is None
