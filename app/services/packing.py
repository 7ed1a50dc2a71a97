"""A pack's files as one block of bytes, the way a store keeps them."""

import base64
import json
import zlib
from collections.abc import Mapping

NATIONAL_PACK = ("packs", "england")


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return the files as bytes that ``unpacked`` turns back into them."""
    listing = {name: base64.b64encode(files[name]).decode("ascii") for name in sorted(files)}
    return zlib.compress(json.dumps(listing).encode("utf-8"))


def unpacked(block: bytes) -> dict[str, bytes]:
    """Return the files of a block that ``packed`` made."""
    listing: dict[str, str] = json.loads(zlib.decompress(block))
    return {name: base64.b64decode(content) for name, content in listing.items()}
