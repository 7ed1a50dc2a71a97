"""The local rules that new meetings run under: looked at first, then chosen, kept in the store, and given up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from app import resources
from app.models.base import Refused
from app.models.copy import PackCopy, Preference
from app.practice.checking import is_profile
from app.practice.contents import PackFinding
from app.practice.local import Difference, Profile
from app.practice.pack import Pack
from app.practice.profiles import FOLDER, applied, own_files
from app.practice.reading import BadPack, files_of, read_files, read_kept
from app.practice.references import REVIEW_EVERY
from app.practice.words import legal_day
from app.services import retaining
from app.services.packing import national, unpacked
from app.services.sitting import Sitting, keep_pack
from app.store.store import Store

PROFILES = ("packs", "profiles")
_IN_FORCE = "profile.in-force"
_NO_PROFILE = (PackFinding("", None, "", "the folder holds no file profile.toml, so choose another one"),)


class BadProfile(BadPack):
    """A folder that cannot be used as a profile, with all that is wrong with it; the text is one sentence."""

    def __init__(self, findings: tuple[PackFinding, ...]) -> None:
        super().__init__(findings)
        more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
        first = str(findings[0]).removeprefix(FOLDER).rstrip(".")
        self.args = (f"These local rules cannot be used, so nothing was changed: {first}{more}.",)


@dataclass(frozen=True, slots=True)
class Offer:
    """Local rules that were looked at and hold together, the pack they make with the national one, and its files."""

    profile: Profile
    pack: Pack
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class InForce:
    """The pack that new meetings run under, and a sentence where the local rules do not fit today's national ones."""

    pack: Pack
    files: dict[str, bytes]
    trouble: str = ""


def samples() -> list[Path]:
    """Return the folders of the sample profiles, by name."""
    return sorted(one for one in resources.folder(*PROFILES).iterdir() if is_profile(one))


def look(folder: Path) -> Offer:
    """Return the local rules in a folder, laid over the national pack; raises ``BadProfile``. Nothing is changed."""
    if folder.is_dir() and not is_profile(folder):
        raise BadProfile(_NO_PROFILE)
    try:
        found = files_of(folder, FOLDER)
    except BadPack as bad:
        raise BadProfile(bad.findings) from None
    return offered(found)


def offered(own: Mapping[str, bytes]) -> Offer:
    """Return the local rules in the files of a profile, laid over the national pack; raises ``BadProfile``."""
    try:
        files = applied(national()[1], own)
        pack = read_files(files)
    except BadPack as bad:
        raise BadProfile(bad.findings) from None
    if pack.profile is None:
        raise BadProfile(_NO_PROFILE)
    return Offer(pack.profile, pack, files)


def use(sitting: Sitting, offer: Offer) -> Profile:
    """Return the local rules that new meetings run under from now on.

    What the partnership decided for its records is taken over too. Meetings that there are keep the rules they were
    prepared under. Raises ``Refused`` where its records' rule is not whole.
    """
    profile, keeping = offer.profile, offer.profile.keeping
    with sitting.store.together():
        act = sitting.act()
        told = {"profile": profile.id, "version": profile.version, "pack": offer.pack.digest}
        with sitting.store.begin(act, "profile.chosen", told=told) as session:
            keep_pack(session, offer.pack, offer.files, act)
            _set(session, offer.pack.digest)
        if keeping.marking:
            retaining.choose_marking(sitting, keeping.marking)
        if keeping.rule:
            retaining.choose_policy(sitting, keeping.rule, keeping.years, keeping.policy)
    sitting.pack, sitting.pack_files = offer.pack, dict(offer.files)
    return profile


def give_up(sitting: Sitting) -> None:
    """Let new meetings run under the national pack alone; raises ``Refused`` where they do already."""
    if sitting.pack.profile is None:
        raise Refused("profile.none-in-force")
    pack, files = national()
    with sitting.store.begin(sitting.act(), "profile.given-up") as session:
        _set(session, "")
    sitting.pack, sitting.pack_files = pack, dict(files)


def in_force(store: Store, today: tuple[Pack, Mapping[str, bytes]] | None = None) -> InForce:
    """Return the pack that new meetings in a store run under: today's national one, with the local rules chosen.

    ``today`` is the national pack and its files, else those of this program.

    Where these do not fit it any more, the pack is the one that was kept when they were chosen, with a sentence.
    """
    pack, national_files = today or national()
    with store.read() as session:
        chosen = session.get(Preference, _IN_FORCE)
        copy = session.get(PackCopy, chosen.value) if chosen and chosen.value else None
    if copy is None:
        return InForce(pack, dict(national_files))
    kept = unpacked(copy.files)
    files = applied(national_files, own_files(kept))
    try:
        return InForce(read_files(files), files)
    except BadPack as bad:
        sentence = (
            "The national rules have changed, and your local rules do not fit them any more "
            f"({bad.findings[0]}): new meetings go on under the rules of before, until the local ones are mended."
        )
        return InForce(read_kept(kept), kept, sentence)


def overdue(profile: Profile, today: date) -> list[Difference]:
    """Return the local rules that were not reviewed for more than a year, those longest ago at the head."""
    late = [one for one in profile.differences if today - one.reviewed > REVIEW_EVERY]
    return sorted(late, key=lambda one: one.reviewed)


def is_overdue(profile: Profile, today: date) -> bool:
    """Return whether the profile as a whole was not reviewed for more than a year."""
    return today - profile.reviewed > REVIEW_EVERY


def today_of(sitting: Sitting) -> date:
    """Return the day it is for the person, by the clocks of London."""
    return legal_day(sitting.now())


def _set(session: Session, digest: str) -> None:
    kept = session.get(Preference, _IN_FORCE)
    if kept is None:
        session.add(Preference(key=_IN_FORCE, value=digest))
    else:
        kept.value = digest
