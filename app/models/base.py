"""The base of every record: column types that lose nothing, and names for every constraint."""

import enum
import hashlib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import JSON, Date, DateTime, Dialect, Enum, MetaData, Text, TypeDecorator, Uuid
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass
from typing_extensions import override

LONGEST = 20_000
LONGEST_NAME = 200
_LOST = "\ufffd"


class Moment(TypeDecorator[datetime]):
    """A point in time: stored as UTC, always aware in Python, and refused where it is naive."""

    impl = DateTime
    cache_ok = True

    @property
    @override
    def python_type(self) -> type[datetime]:
        return datetime

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True, repr=False, eq=False):
    """A record. Two are the same only where they are one object; none shows its words where it is printed."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text(),
        datetime: Moment(),
        date: Date(),
        UUID: Uuid(),
        list[str]: JSON(),
        enum.Enum: Enum(
            enum.Enum,
            native_enum=False,
            create_constraint=True,
            validate_strings=True,
            length=32,
            values_callable=lambda members: [member.value for member in members],
        ),
    }

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class Refused(Exception):
    """An act the rules do not allow. ``rule`` names it; its sentence is in the pack's wording, table ``refusal``."""

    def __init__(self, rule: str, **words: str) -> None:
        super().__init__(rule)
        self.rule = rule
        self.words = words


def uuid7(at: datetime, chance: bytes) -> UUID:
    """Return a UUID of version 7 (RFC 9562, with method 3 of its section 6.2) for ``at`` from eight random bytes.

    Ids made at different microseconds sort by time.
    """
    seconds = int(at.timestamp())
    milliseconds = (seconds * 1000 + at.microsecond // 1000) & ((1 << 48) - 1)
    fraction = (at.microsecond % 1000) * 4096 // 1000
    tail = int.from_bytes(chance[:8], "big") & ((1 << 62) - 1)
    return UUID(int=(milliseconds << 80) | (0x7 << 76) | (fraction << 64) | (0x2 << 62) | tail)


def made_at(record_id: UUID) -> datetime:
    """Return the moment of the act that made a record, to the millisecond: an id of version 7 begins with it."""
    return datetime.fromtimestamp((record_id.int >> 80) / 1000, UTC)


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something, and when; ``chance(n)`` gives ``n`` random bytes for the ids and salts it needs.

    ``noted_at`` is when it was written down, where that was later: a record that is imported happened before.
    """

    who: str
    at: datetime
    chance: Callable[[int], bytes]
    noted_at: datetime | None = None

    def new_id(self) -> UUID:
        """Return a new id that sorts by the time of this act."""
        return uuid7(self.at, self.chance(8))


def sha256(content: bytes) -> str:
    """Return the SHA-256 of ``content`` in lower-case hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def tidy(text: str, longest: int = LONGEST) -> str:
    """Return ``text`` composed (NFC) and without surrounding space; empty where nothing in it can be seen.

    NUL and a half of a surrogate pair, which not every store can keep, become the replacement character. Raises
    ``Refused("text.too-long")`` beyond ``longest`` characters.
    """
    whole = text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    kept = unicodedata.normalize("NFC", whole.replace("\0", _LOST)).strip()
    if not any(unicodedata.category(character)[0] not in "CZ" and character != _LOST for character in kept):
        return ""
    if len(kept) > longest:
        raise Refused("text.too-long", longest=f"{longest:,}", length=f"{len(kept):,}")
    return kept


def required(text: str, rule: str, longest: int = LONGEST) -> str:
    """Return ``tidy(text)``; raise ``Refused(rule)`` where nothing that can be seen remains."""
    kept = tidy(text, longest)
    if not kept:
        raise Refused(rule)
    return kept
