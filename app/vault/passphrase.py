"""The passphrase: what is accepted, and the slow way from it to a slot key."""

import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw

from app.vault.errors import NotEnoughMemory, PassphraseNotTyped, PassphraseTooWeak

LEAST_CHARACTERS = 12
MOST_CHARACTERS = 1000
# control characters and halves of a pair; a field of one line also drops the mark of the byte order
_NOT_TYPED, _BYTE_ORDER = frozenset({"Cc", "Cs"}), "\ufeff"

_MEBIBYTE = 1024  # KiB
_LEAST_MEMORY, _MOST_MEMORY = 64 * _MEBIBYTE, 2048 * _MEBIBYTE
_MOST_PASSES, _MOST_LANES = 10, 8
# Below this much memory fewer than three passes are too cheap (RFC 9106, section 4: the second recommended choice).
_FEW_PASSES_FROM = 256 * _MEBIBYTE
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Cost:
    """What one try costs: passes over ``memory`` KiB in ``lanes``; raises ValueError outside the bounds of the format.

    The default takes about 0.7 s on two cores; ``calibrated`` finds what takes as long here.
    """

    passes: int = 3
    memory: int = 256 * _MEBIBYTE
    lanes: int = 4

    def __post_init__(self) -> None:
        least_passes = 3 if self.memory < _FEW_PASSES_FROM else 1
        if not (
            _LEAST_MEMORY <= self.memory <= _MOST_MEMORY
            and least_passes <= self.passes <= _MOST_PASSES
            and 1 <= self.lanes <= _MOST_LANES
        ):
            raise ValueError("the cost of a passphrase lies outside the bounds")


FLOOR = Cost(memory=_LEAST_MEMORY)


def check_strength(passphrase: str) -> None:
    """Raise PassphraseTooWeak for fewer than twelve characters, blanks at either end not counted.

    Raises PassphraseNotTyped for what could be set from a file, and never be typed into the window.
    """
    odd = any(unicodedata.category(each) in _NOT_TYPED or each == _BYTE_ORDER for each in passphrase)
    if odd or len(passphrase) > MOST_CHARACTERS:
        raise PassphraseNotTyped(MOST_CHARACTERS)
    if len(_normal(passphrase).strip()) < LEAST_CHARACTERS:
        raise PassphraseTooWeak(LEAST_CHARACTERS)


def slot_key(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    """Return the 32 bytes derived from a passphrase by Argon2id; raises NotEnoughMemory."""
    # Half a surrogate pair can be typed on some systems: it is a wrong passphrase, not a crash.
    secret = _normal(passphrase).encode("utf-8", "surrogatepass")
    try:
        return hash_secret_raw(secret, salt, cost.passes, cost.memory, cost.lanes, _KEY_BYTES, Type.ID, 19)
    except (HashingError, MemoryError) as refused:
        # With parameters in bounds the library fails only where the system refuses memory or threads.
        raise NotEnoughMemory(cost.memory) from refused


def _normal(passphrase: str) -> str:
    """Return one spelling for what looks the same: keyboards differ in how they make an accented letter."""
    return unicodedata.normalize("NFKC", passphrase)


_AIM, _LEAST_SECONDS, _MOST_SECONDS = 0.75, 0.5, 1.0
_SHARE_OF_MEMORY = 4
_MEASURES = 3


def calibrated(
    clock: Callable[[], float] = time.perf_counter,
    memory: int | None = None,
    derive: Callable[[str, bytes, Cost], bytes] = slot_key,
) -> Cost:
    """Return the cost at which one derivation takes 0.5 to 1 second on this computer, as near as its bounds let it.

    ``memory`` is that of the computer in KiB; a quarter of it at most is used, and never less than ``FLOOR`` takes.
    ``derive`` is what is timed by ``clock``.
    """
    if memory is None:
        import psutil  # for a new store only

        memory = psutil.virtual_memory().total // 1024
    most = max(_LEAST_MEMORY, min(_MOST_MEMORY, memory // _SHARE_OF_MEMORY // _MEBIBYTE * _MEBIBYTE))
    cost = FLOOR
    for _ in range(_MEASURES):
        began = clock()
        derive("how long does this take", bytes(16), cost)
        took = clock() - began
        if _LEAST_SECONDS <= took <= _MOST_SECONDS:
            break
        following = _scaled(cost, _AIM / max(took, 0.001), most)
        if following == cost:
            break
        cost = following
    return cost


def _scaled(cost: Cost, by: float, most: int) -> Cost:
    """Return a cost ``by`` times as high within the bounds: by memory as far as that goes, then by passes."""
    work = cost.passes * cost.memory * by
    memory = int(min(most, max(_LEAST_MEMORY, work / FLOOR.passes)) // _MEBIBYTE * _MEBIBYTE)
    return Cost(min(_MOST_PASSES, max(FLOOR.passes, round(work / memory))), memory, FLOOR.lanes)
