"""Disposing of a case once it need not be kept any more: what copies remain, and a certificate that names nobody."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.models.base import Act, Refused, tidy
from app.models.case import Case
from app.models.disposal import Disposal
from app.practice.words import day, legal_day
from app.services import overdue, retaining, rotating
from app.services.backups import Backup, Told, quiet
from app.services.retaining import Keeping, keeping, require_no_open_meeting
from app.services.sitting import SaveFault, Sitting
from app.store import disposing

FORM = "chairside-disposal-1"
_NOT_KNOWN = (
    "Copies of the minutes and records that were given out are with those who received them.",
    "Backups that somebody copied elsewhere, and backups of the whole computer, are not known to this program.",
    "The passphrase, the recovery key, the key in the keyring and an escrow of the organisation open such copies too.",
)


@dataclass(frozen=True, slots=True)
class Remaining:
    """What copies of a case remain after it is disposed of; ``until`` is when the last of the backups goes."""

    backups: Sequence[Backup]
    given_out: Sequence[disposing.GivenOut]
    until: datetime
    second_folder: bool
    not_known: Sequence[str] = _NOT_KNOWN


@dataclass(frozen=True, slots=True)
class Disposed:
    """A case that was disposed of: its certificate, and what of the tidying up did not work, empty where all did."""

    certificate: dict[str, Any]
    trouble: str


def what_remains(sitting: Sitting, case_id: UUID) -> Remaining:
    """Return what copies of a case would remain; raises ``Refused`` where there is no such case."""
    keeping(sitting, case_id)
    with sitting.store.connection() as connection:
        found = disposing.belongings(connection, case_id)
    return _remaining(sitting, found, sitting.now())


def prevents(sitting: Sitting, case_id: UUID, earlier: str = "") -> None:
    """Raise the ``Refused`` that says why a case cannot go; ``earlier`` is why it need not be kept as long as usual."""
    found = keeping(sitting, case_id)
    with sitting.store.read() as session:
        require_no_open_meeting(session, case_id)
    if found.held is not None:
        raise Refused("case.on-hold", reason=found.held.reason, since=day(found.held.placed_at))
    if found.closed_on is None:
        raise Refused("case.not-closed")
    if not found.kept.passed(legal_day(sitting.now())) and not tidy(earlier):
        raise Refused("case.still-kept", because=found.kept.because)


def dispose(
    sitting: Sitting, case_id: UUID, typed_reference: str, *, earlier: str = "", told: Told = quiet
) -> Disposed:
    """Take a case out of the store for good and return its certificate.

    ``typed_reference`` is the case's reference as the person typed it, ``earlier`` why it need not be kept as long as
    the rule says. Raises ``Refused``, or ``SaveFault`` where the disk does not take it; then nothing was disposed of.
    """
    found = keeping(sitting, case_id)
    prevents(sitting, case_id, earlier)
    if tidy(typed_reference) != found.case.reference:
        raise Refused("case.reference-differs", reference=found.case.reference)
    act = sitting.act()
    reason = tidy(earlier) or f"The time for which it had to be kept has passed. {_rule(sitting)}"
    told("Taking the case out of the store", 0, 3)
    with sitting.store.begin(act, disposing.DISPOSED, case=case_id) as session:
        taken = disposing.belongings(session.connection(), case_id)
        certificate = _certificate(sitting, act, found, taken, reason)
        session.add(
            Disposal(
                id=act.new_id(), case_id=case_id, reference=found.case.reference, disposed_at=act.at,
                disposed_by=act.who, reason=reason, certificate=_written(certificate),
            )
        )  # fmt: skip
        # the tables let rows of a sealed meeting go only once the certificate is there
        session.flush()
        disposing.take_out(session, case_id, taken)
    trouble = _tidy_up(sitting, told)
    return Disposed(certificate_of(sitting, case_id), trouble)


def disposed_case(sitting: Sitting, reference: str) -> UUID:
    """Return the id of the case disposed of last under this reference; raises ``Refused`` where there is none."""
    with sitting.store.read() as session:
        named = select(Disposal.case_id).where(Disposal.reference == tidy(reference))
        found = session.scalar(named.order_by(Disposal.disposed_at.desc()).limit(1))
    if found is None:
        raise Refused("case.unknown")
    return found


def certificate_of(sitting: Sitting, case_id: UUID) -> dict[str, Any]:
    """Return the certificate of a case that was disposed of, with where the trail stands after it.

    Raises ``Refused`` where there is none.
    """
    with sitting.store.read() as session:
        kept = session.scalar(select(Disposal).where(Disposal.case_id == case_id))
    if kept is None:
        raise Refused("case.unknown")
    certificate: dict[str, Any] = json.loads(kept.certificate)
    with sitting.store.connection() as connection:
        seq, digest = disposing.entry_of(connection, case_id)
    certificate["trail"]["after"] = {"entry": seq, "digest": digest.hex()}
    return certificate


def file_of(certificate: dict[str, Any]) -> bytes:
    """Return a certificate as the file that the authority is given."""
    return (json.dumps(certificate, indent=2, ensure_ascii=False) + "\n").encode()


def _tidy_up(sitting: Sitting, told: Told) -> str:
    """Write the file anew and make a backup without the case; return what did not work, in one sentence."""
    told("Writing the store anew without what was deleted", 1, 3)
    try:
        disposing.shrink(sitting.store)
    except SaveFault as fault:
        return f"The case is gone, but the store's file could not be made smaller. {fault}"
    told("Making a backup without the case", 2, 3)
    return rotating.back_up_now(sitting, told)


def _remaining(sitting: Sitting, found: disposing.Belongings, now: datetime) -> Remaining:
    # a backup with fewer entries than the first one about the case was made before there was anything to keep
    first = found.entries[0] if found.entries else 0
    holding = [backup for backup in rotating.backups(sitting.store.folder) if backup.entries >= first]
    return Remaining(holding, found.given_out, now + overdue.AFTER_DISPOSAL, bool(rotating.second_folder(sitting)))


def _certificate(
    sitting: Sitting, act: Act, found: Keeping, taken: disposing.Belongings, reason: str
) -> dict[str, Any]:
    remain = _remaining(sitting, taken, act.at)
    end = sitting.store.end
    return {
        "form": FORM,
        "reference": found.case.reference,
        "case": str(found.case.id),
        "disposed_at": _iso(act.at),
        "disposed_by": act.who,
        "reason": reason,
        "rule": _rule(sitting),
        "closed_on": found.closed_on.isoformat() if found.closed_on else None,
        "before_its_time": not found.kept.passed(legal_day(act.at)),
        "deleted": dict(taken.rows),
        "trail": {
            "entries_taken": len(taken.entries),
            "before": {"entry": end.seq, "digest": end.digest.hex()},
        },
        "remain": {
            "backups": [
                {"file": backup.path.name, "made": _iso(backup.made), "at_the_latest_until": _iso(remain.until)}
                for backup in remain.backups
            ],
            "second_folder": remain.second_folder,
            "given_out": [{"act": one.kind, "at": one.at, "sha256": one.sha256} for one in remain.given_out],
            "not_known": list(remain.not_known),
        },
    }


def _rule(sitting: Sitting) -> str:
    rule = retaining.policy(sitting)
    return f"The rule is: {rule.words}." if rule else "The authority has not chosen a rule."


def _written(certificate: dict[str, Any]) -> bytes:
    return json.dumps(certificate, ensure_ascii=False, sort_keys=True).encode()


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def named(sitting: Sitting, name: str) -> UUID:
    """Return the id of the case with this reference or id; raises ``Refused`` where there is none."""
    with sitting.store.read() as session:
        found = session.scalar(select(Case.id).where(Case.reference == tidy(name)))
        if found is None:
            try:
                found = session.scalar(select(Case.id).where(Case.id == UUID(name)))
            except ValueError:
                found = None
    if found is None:
        raise Refused("case.unknown")
    return found
