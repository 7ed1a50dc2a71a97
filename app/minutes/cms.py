"""The one form of signature (CMS, RFC 5652, as PAdES wants it) that these minutes carry.

The form leaves no choice: from the document's digest, the signer's certificate and the signature's two numbers follow
all its bytes. Whoever verifies builds it again and compares, so not one byte of it can be changed unseen.
"""

from collections.abc import Callable
from hashlib import sha256

from asn1crypto import cms, core, tsp, x509
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

# The order of P-256's group. Of the two signatures (r, s) and (r, n - s) only the one with the smaller s is allowed.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class NotOurForm(ValueError):
    """These bytes are not a signature in the form these minutes carry."""


def to_be_signed(digest: bytes, certificate: bytes) -> bytes:
    """Return the signed attributes for a document of this SHA-256 ``digest``; the signature is over their bytes."""
    encoded: bytes = _attributes(digest, certificate).dump()
    return encoded


def signed(digest: bytes, certificate: bytes, sign: Callable[[bytes], bytes]) -> bytes:
    """Return the whole signature; ``sign`` returns an ECDSA signature (DER) over the bytes it is given."""
    return form(digest, certificate, _smaller(sign(to_be_signed(digest, certificate))))


def form(digest: bytes, certificate: bytes, signature: bytes) -> bytes:
    """Return the bytes of the form for this digest, this certificate (DER) and this ECDSA signature (DER)."""
    holder = x509.Certificate.load(certificate)
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {
                    "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                        {"issuer": holder.issuer, "serial_number": holder.serial_number}
                    )
                }
            ),
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": _attributes(digest, certificate),
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature": signature,
        }
    )
    content = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": "data"},
            "certificates": [cms.CertificateChoices(name="certificate", value=holder)],
            "signer_infos": [signer],
        }
    )
    encoded: bytes = cms.ContentInfo({"content_type": "signed_data", "content": content}).dump()
    return encoded


def parts(encoded: bytes, digest: bytes) -> tuple[bytes, bytes]:
    """Return certificate and signature (both DER) from a signature that may be followed by zeros.

    Raises NotOurForm unless ``encoded`` is, byte for byte, the form for ``digest`` and these two.
    """
    try:
        content = cms.ContentInfo.load(encoded)["content"]
        certificate: bytes = content["certificates"][0].chosen.dump()
        signature: bytes = content["signer_infos"][0]["signature"].native
        expected = form(digest, certificate, _smaller(signature))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError) as broken:
        raise NotOurForm("the signature cannot be read") from broken
    if encoded[: len(expected)] != expected or encoded[len(expected) :].strip(b"\0"):
        raise NotOurForm("the signature is not in the form it was written in")
    return certificate, signature


def _attributes(digest: bytes, certificate: bytes) -> cms.CMSAttributes:
    reference = tsp.SigningCertificateV2({"certs": [tsp.ESSCertIDv2({"cert_hash": sha256(certificate).digest()})]})
    return cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [core.OctetString(digest)]}),
            cms.CMSAttribute({"type": "signing_certificate_v2", "values": [reference]}),
        ]
    )


def _smaller(signature: bytes) -> bytes:
    r, s = decode_dss_signature(signature)
    return encode_dss_signature(r, min(s, _ORDER - s))
