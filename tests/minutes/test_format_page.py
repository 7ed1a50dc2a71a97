"""A second, small verifier, written from ``minutes-pdf.md`` and ``receipt.md`` in ``resources/docs/formats`` alone."""

import json
import re
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from app.minutes.finishing import attached
from app.minutes.tree import Audience, Tree
from app.models.dissent import DissentKind
from app.services import deciding, opening, receipts, sealing
from tests.builders import a_room

VECTORS = Path(__file__).parent.parent / "vectors" / "tree.json"


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
    changed = signed.pdf.replace(b"/CHSD_Sealed 2", b"/CHSD_Sealed 1")
    assert unchanged(changed) is None


def jcs(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def leaf(path, kind, committed):
    return sha256(b"\x00" + jcs({"c": committed, "class": kind, "path": path})).digest()


def hidden(salt, text):
    return sha256(bytes.fromhex(salt) + text.encode()).hexdigest()


def node(left, right):
    return sha256(b"\x01" + left + right).digest()


def half(n):
    left = 1
    while left * 2 < n:
        left *= 2
    return left


def root(leaves):
    if len(leaves) == 1:
        return leaves[0]
    return node(root(leaves[: half(len(leaves))]), root(leaves[half(len(leaves)) :]))


def climb(digest, index, n, way):
    if n == 1:
        return digest
    left, beside = half(n), way[-1]
    if index < left:
        return node(climb(digest, index, left, way[:-1]), beside)
    return node(beside, climb(digest, index - left, n - left, way[:-1]))


def shown_and_withheld(extract, merkle_root, leaf_count):
    """Return the texts shown and the classes withheld if the extract is whole, else None."""
    parts = extract["parts"]
    leaves = [leaf(p["path"], p["class"], p.get("c") or hidden(p["salt"], p["text"])) for p in parts]
    if len(parts) != leaf_count or root(leaves).hex() != merkle_root:
        return None
    return [p["text"] for p in parts if "text" in p], [p["class"] for p in parts if "c" in p]


def agrees(receipt):
    """Tell whether a receipt agrees with itself, by the page."""
    row, said, end = {}, receipt["dissent"], receipt["trail"]["end"]
    for entry in receipt["trail"]["entries"]:
        number, head = entry["sequence"], json.loads(entry["head"])
        own = sha256(
            b"cp-audit-1" + bytes.fromhex(entry["before"]) + number.to_bytes(8, "big") + entry["head"].encode()
        )
        if number > end["sequence"] or (number == end["sequence"] and own.hexdigest() != end["head"]):
            return False
        if head["seq"] != number or (entry["payload"] and head["c"] != hidden(entry["salt"], entry["payload"])):
            return False
        for change in json.loads(entry["payload"] or '{"changes": []}')["changes"]:
            assert change["id"] == said["id"].replace("-", "")
            row.update(change["after"])
    proof, kept = receipt["sealed"], receipt["sealed"]["leaf"]
    digest = leaf(kept["path"], kept["class"], hidden(kept["salt"], kept["text"]))
    assert said["by"] in kept["text"].split("\n")[0]
    way = [bytes.fromhex(one) for one in proof["way"]]
    signature = receipt.pop("signature")
    key = x509.load_der_x509_certificate(bytes.fromhex(signature["certificate"])).public_key()
    key.verify(bytes.fromhex(signature["value"]), jcs(receipt), ec.ECDSA(hashes.SHA256()))
    return (
        (row["words"], row["kind"]) == (said["words"], said["kind"])
        and f"\n{said['words']}\n" in f"\n{kept['text']}\n"
        and climb(digest, proof["index"], proof["leaf_count"], way).hex() == proof["merkle_root"]
    )


def test_the_page_is_enough_to_read_the_extracts_of_the_vectors():
    vectors = json.loads(VECTORS.read_text("utf-8"))
    good = [one for one in vectors["extracts"] if one["good"]]
    assert len(good) == 1
    assert shown_and_withheld(good[0]["extract"], good[0]["root"], 3)[1] == ["restricted"]
    for name in ("a part left out", "two parts exchanged", "a text changed", "the class of a withheld part changed"):
        [bad] = [one for one in vectors["extracts"] if one["name"] == name]
        assert shown_and_withheld(bad["extract"], bad["root"], bad["leaf_count"]) is None


def test_the_pages_are_enough_to_hold_a_receipt_and_an_extract_against_sealed_minutes(tmp_path):
    with a_room(tmp_path / "store") as room:
        opening.introduce(room.sitting, "Ash Example", "Team manager", "Example Council")
        casey = room.people["Casey Example"].id
        kept = deciding.record_dissent(
            room.sitting, room.meeting, "dissent", casey, DissentKind.DISSENT, "I dissent.", question_id="D1"
        )
        room.say("Drew Example", "Canary of a neighbour.", restricted=True)
        room.settle()
        room.conclude()
        minutes = sealing.seal(room.sitting, room.meeting)
        receipt = json.loads(receipts.of_dissent(room.sitting, room.meeting, kept.id))
    seal = json.loads(attached(minutes.pdf, "seal.json"))
    assert agrees(receipt)
    assert receipt["sealed"]["merkle_root"] == seal["merkle_root"]
    assert receipt["sealed"]["seal_sha256"] == sha256(attached(minutes.pdf, "seal.json")).hexdigest()
    tree = Tree.from_bytes(minutes.tree)
    restricted = [place for place, one in enumerate(tree.leaves) if one.audience is Audience.RESTRICTED]
    content = tree.withhold(dict.fromkeys(restricted, "third-party"))
    assert b"Canary" not in content
    texts, classes = shown_and_withheld(json.loads(content), seal["merkle_root"], seal["leaf_count"])
    assert classes == ["restricted"]
    assert receipt["sealed"]["leaf"]["text"] in texts
