"""What a screen holds half typed, as words that can be kept in the store and read again."""

from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

Half = TypeVar("Half")
_ADAPTERS: dict[type, TypeAdapter[Any]] = {}


class Unreadable(ValueError):
    """Words that were kept cannot be put back: they are damaged, or of another version of their screen."""


def to_words(half: object) -> str:
    """Return what a screen holds, a dataclass, as words for ``from_words``."""
    return _adapter(type(half)).dump_json(half).decode()


def from_words(kind: type[Half], words: str) -> Half:
    """Return what a screen held, checked in every part; raises ``Unreadable``."""
    try:
        half: Half = _adapter(kind).validate_json(words)
    except ValidationError:
        # its own text would hold the words
        raise Unreadable from None
    return half


def _adapter(kind: type) -> TypeAdapter[Any]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]
