"""Local rules in a folder: taken up from their files to be written further, and saved, all of them or nothing."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from app.models.base import LONGEST_NAME, Refused, required
from app.practice.checking import is_profile
from app.practice.local import OwnKeeping
from app.practice.profile_files import PROFILE, SOURCES, profile_file, sources_file, written, written_sources
from app.practice.profiles import FOLDER, own_files
from app.services import keeping, profiling
from app.services.profile_draft import Draft, file_of, require_past
from app.services.profiling import Offer


@dataclass(frozen=True, slots=True)
class Named:
    """What local rules say of themselves: whose they are, what they are called, which version, and last reviewed."""

    partnership: str
    label: str
    version: str
    reviewed: date
    id: str = ""


def taken_up(files: Mapping[str, bytes]) -> tuple[Draft, Named]:
    """Return the local rules among the files of a pack, to be written further, and what they say of themselves.

    Raises ``ValueError`` for what cannot be read at all.
    """
    own = {name.removeprefix(FOLDER): content for name, content in own_files(files).items()}
    if PROFILE not in own:
        raise ValueError("no profile is among these files")
    file = profile_file(own.pop(PROFILE))
    sources = sources_file(own.pop(SOURCES)) if SOURCES in own else ()
    draft = Draft(
        file.changes, file.keeping, sources, file.order, tuple(file.why_looser.items()), tuple(sorted(own.items()))
    )
    return draft, Named(file.partnership, file.label, file.version, file.reviewed, file.id)


def is_nothing(draft: Draft) -> bool:
    """Return whether the draft sets nothing at all."""
    return not (draft.changes or draft.files or draft.keeping != OwnKeeping())


def whole(named: Named, today: date) -> Named:
    """Return what local rules say of themselves, with an id; raises ``Refused`` with the ``field`` that it lacks."""
    partnership = _name(named.partnership, "partnership")
    label, version = _name(named.label, "label"), _name(named.version, "version")
    require_past(named.reviewed, today)
    return Named(partnership, label, version, named.reviewed, named.id or id_of(partnership))


def files_of(draft: Draft, named: Named | None = None) -> dict[str, bytes]:
    """Return the files of a profile that says this, by their names in its folder.

    Without what it says of itself it is one to be taken up again, and not to be used.
    """
    said_of_itself = asdict(named) if named else {}
    more = {SOURCES: written_sources(draft.sources)} if draft.sources else {}
    return {**dict(draft.files), **more, PROFILE: written(file_of(draft).model_copy(update=said_of_itself))}


def id_of(partnership: str) -> str:
    """Return a name for files and for the trail, made of the partnership's own."""
    plain = unicodedata.normalize("NFKD", partnership).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).lstrip("-0123456789")[:40].strip("-") or "local-rules"


def place_in(folder: Path, name: str) -> Path:
    """Return where local rules are saved when somebody chooses a folder: there, or in a new one below it.

    It is there where the folder is empty or holds local rules already.
    """
    try:
        own = not folder.exists() or is_profile(folder) or not any(folder.iterdir())
    except OSError:
        own = False  # what cannot be looked into is left alone
    return folder if own and not folder.is_mount() else folder / name


def save(draft: Draft, named: Named, place: Path, *, replace_there: bool = False) -> Offer:
    """Write local rules into a folder, all of them or nothing, and return them as read back from there and checked.

    What stands there is replaced only where it is local rules and ``replace_there`` says so. Raises ``Refused``,
    ``BadProfile`` where they do not hold together, and ``NotWritten``.
    """
    if is_nothing(draft):
        raise Refused("profile.nothing-set")
    files = files_of(draft, named)
    profiling.offered(files)
    try:
        filled = place.exists() and (not place.is_dir() or any(place.iterdir()))
    except OSError as error:
        raise keeping.NotWritten(f"The folder cannot be read ({error.strerror}): choose another one.") from error
    if filled and not is_profile(place):
        raise Refused("profile.folder-taken", name=place.name)
    if filled and not replace_there:
        raise Refused("profile.stands-there", name=place.name)
    keeping.write_folder(place, files)
    offer = profiling.look(place)
    if {f"{FOLDER}{name}": content for name, content in files.items()} != own_files(offer.files):
        raise keeping.NotWritten("The folder reads back differently: choose another folder and save again.")
    return offer


def _name(text: str, field: str) -> str:
    try:
        return required(text, f"profile.{field}-missing", LONGEST_NAME)
    except Refused as refused:
        raise Refused(refused.rule, **{**refused.words, "field": field}) from None
