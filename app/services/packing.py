"""The national pack, and a pack's files as one block of bytes, the way a store keeps them."""

import base64
import json
import zlib
from collections.abc import Mapping
from functools import cache

from app import resources
from app.practice.pack import Pack
from app.practice.reading import files_of, read_files

NATIONAL_PACK = ("packs", "england")


@cache
def national() -> tuple[Pack, Mapping[str, bytes]]:
    """Return the pack that ships with the program, and its files; both are read once."""
    files = files_of(resources.folder(*NATIONAL_PACK))
    return read_files(files), files


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return the files as bytes that ``unpacked`` turns back into them."""
    listing = {name: base64.b64encode(files[name]).decode("ascii") for name in sorted(files)}
    return zlib.compress(json.dumps(listing).encode("utf-8"))


def unpacked(block: bytes) -> dict[str, bytes]:
    """Return the files of a block that ``packed`` made."""
    listing: dict[str, str] = json.loads(zlib.decompress(block))
    return {name: base64.b64decode(content) for name, content in listing.items()}
