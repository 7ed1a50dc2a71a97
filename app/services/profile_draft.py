"""Local rules while somebody writes them: begun, changed rule by rule, and weighed against the national ones."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final

from app.models.base import LONGEST_NAME, Refused, required, tidy
from app.practice.arrangements import ComplaintStage, EndReason, MostActions, PlanAge
from app.practice.catalogue import Source, TimeLimit
from app.practice.comparing import said
from app.practice.contents import Contents, PackFinding
from app.practice.local import Change, Difference, OwnKeeping, ProfileFile, Stance
from app.practice.pack import MeetingType, QuorumRule
from app.practice.profile_files import PROFILE, written
from app.practice.profiles import WORDING_TABLES, ProfileParts, applied, with_profile
from app.practice.reading import contents_of
from app.practice.references import REVIEW_EVERY, faults
from app.practice.retention import a_policy
from app.practice.rule import Authority, Rule
from app.practice.rule_lines import RuleLine, rules_of
from app.practice.tables import Unreadable, table_of
from app.services.packing import national
from app.services.profile_terms import ASKED_HERE, Term, Typed, set_of, terms_of, typed_of

_WORDING: Final = "wording."
_STANDS_IN: Final = "-"
_NOT_DECIDED: Final = OwnKeeping()


class Topic(StrEnum):
    """What a rule is about, for whoever looks for it."""

    LIMITS = "limits"
    MINUTES = "minutes"
    LADDERS = "ladders"
    QUORUM = "quorum"
    TYPES = "types"
    PLAN = "plan"
    WORDING = "wording"
    ELSEWHERE = "elsewhere"


_TOPICS: Final[Mapping[type[Rule], Topic]] = {
    TimeLimit: Topic.LIMITS, QuorumRule: Topic.QUORUM, MeetingType: Topic.TYPES, ComplaintStage: Topic.LADDERS,
    PlanAge: Topic.PLAN, MostActions: Topic.PLAN, EndReason: Topic.PLAN,
}  # fmt: skip
_OF_MINUTES: Final = frozenset({"minutes", "minutes_corrections", "strat_record", "decision_letter", "efh_summary"})
_OF_LADDERS: Final = frozenset({"dissent", "parent_complaint"})


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a local rule rests on: how binding it is, where it comes from, its review, and why it asks for less."""

    authority: Authority
    source: tuple[str, ...]
    reviewed: date
    note: str = ""
    why_looser: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """Local rules as they stand now; ``files`` are those of the profile that are kept as they were."""

    changes: tuple[Change, ...] = ()
    keeping: OwnKeeping = _NOT_DECIDED
    sources: tuple[Source, ...] = ()
    order: tuple[str, ...] = ()
    why_looser: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, bytes], ...] = ()

    def change_of(self, rule: str) -> Change | None:
        """Return the change of a rule, if there is one."""
        return next((one for one in self.changes if one.rule == rule), None)


@dataclass(frozen=True, slots=True)
class RuleHere:
    """A rule that a partnership may set: the national one, and what the draft makes of it where it changes it.

    ``rule`` and ``local`` are the texts themselves where the rule is a wording. ``meeting`` is the type it is of.
    ``can_be_asked`` is false for what is set in the files and only shown here.
    """

    id: str
    topic: Topic
    label: str
    rule: Rule | str
    local: Rule | str
    meeting: MeetingType | None = None
    difference: Difference | None = None
    can_be_asked: bool = True

    @property
    def national(self) -> str:
        """What the rule says nationally, in words."""
        return self.rule if isinstance(self.rule, str) else _in_words(self.rule)

    def is_overdue(self, today: date) -> bool:
        """Return whether nobody has looked at the sources of the rule as it now stands for more than a year."""
        reviewed = self.difference.reviewed if self.difference else getattr(self.rule, "reviewed", today)
        return bool(today - reviewed > REVIEW_EVERY)


def rules_here(draft: Draft) -> list[RuleHere]:
    """Return every rule that may be set here, by topic, and after them whatever else the draft changes."""
    ground, rules = _ground(draft.files)
    laid = _laid(draft)[0] if draft.changes else ground
    differences = {one.rule: one for one in (laid.profile.differences if laid.profile else ())}
    types = {meeting.id: meeting for _, meeting in ground.meetings}
    parts = rules_of(laid) if differences else ()
    now = {line.id: part for line, part in parts if line.id in differences and isinstance(part, Rule)}
    found = [
        RuleHere(
            line.id, _topic(part), line.words, part, now.get(line.id, part), types.get(line.meeting_type),
            differences.get(line.id), type(part) in ASKED_HERE,
        )
        for line, part in rules.values()
        if type(part) in ASKED_HERE or line.id in differences
    ]  # fmt: skip
    found += _wordings(ground, laid, differences)
    known = {one.id for one in found}
    found += [
        RuleHere(one.rule, Topic.ELSEWHERE, one.rule, "", "", can_be_asked=False)
        for one in draft.changes
        if one.rule not in known
    ]
    return sorted(found, key=lambda one: list(Topic).index(one.topic))


def rule_here(draft: Draft, rule: str) -> RuleHere | None:
    """Return the rule of that id as it may be set here, None where there is none."""
    return next((one for one in rules_here(draft) if one.id == rule), None)


def terms_here(draft: Draft, here: RuleHere) -> tuple[tuple[Term, ...], dict[str, Typed]]:
    """Return what a form asks of a rule, and what it shows at first: what the draft says of it."""
    terms = terms_of(here.local, here.meeting, _ground(draft.files)[0])
    return terms, typed_of(here.local, terms)


def change_from(draft: Draft, here: RuleHere, typed: Mapping[str, Typed], grounds: Grounds) -> Change:
    """Return the change of a rule that was typed; raises ``Refused`` with the ``field`` that it is about."""
    before = draft.change_of(here.id)
    terms = terms_here(draft, here)[0]
    if not grounds.source:
        raise Refused("profile.source-missing", field="source")
    return Change(
        rule=here.id,
        set=set_of(here.rule, terms, typed, before.set if before else {}),
        authority=grounds.authority,
        source=grounds.source,
        reviewed=grounds.reviewed,
        note=tidy(grounds.note),
        why_looser=tidy(grounds.why_looser),
    )


def weighed(draft: Draft, change: Change) -> Difference:
    """Return what a change comes to beside the national rule; raises ``Refused`` with the ``field`` it is about.

    That a looser rule needs its reason is not asked here, so that it can be said while somebody still types.
    """
    laid, findings = _laid(_with(draft, change))
    for finding in findings:
        raise Refused("profile.not-understood", field=_field(finding), reason=finding.reason)
    found = next(one for one in (laid.profile.differences if laid.profile else ()) if one.rule == change.rule)
    if found.stance is Stance.LOOSER and found.by_statute:
        raise Refused("profile.statute", field="", national=found.national)
    return found


def changed(draft: Draft, change: Change) -> Draft:
    """Return the draft with this change, in the place of an earlier one; raises ``Refused`` like ``weighed``.

    A looser rule needs the reason that the minutes print, and a wording other words.
    """
    found = weighed(draft, change)
    if found.stance is Stance.LOOSER and not change.why_looser:
        raise Refused("profile.why-missing", field="why_looser", national=found.national, local=found.local)
    if _is_called_as_before(draft, change, found):
        # the meeting and its minutes show what a quorum is called
        raise Refused("profile.label-stale", field="label", label=found.label)
    if change.rule.startswith(_WORDING) and found.national == found.local:
        raise Refused("profile.same-words", field="text")
    _require_standing(draft, change)
    made = _with(draft, change)
    before = set(faults(_laid(draft)[0]))
    for finding in faults(_laid(made)[0]):
        if finding not in before:
            raise Refused("profile.not-understood", field=finding.key.rpartition(".")[2], reason=finding.reason)
    return made


def taken_back(draft: Draft, rule: str) -> Draft:
    """Return the draft with the rule as it is nationally."""
    return replace(draft, changes=tuple(one for one in draft.changes if one.rule != rule))


def with_source(draft: Draft, title: str) -> tuple[Draft, str]:
    """Return the draft with a source of the partnership's own, and its key; one of that title is taken as it is."""
    name = required(title, "profile.source-missing", LONGEST_NAME)
    known = next((one for one in draft.sources if one.title == name), None)
    if known is not None:
        return draft, known.key
    taken = {one.key for one in (*draft.sources, *national()[0].sources)}
    key = next(key for number in range(1, len(taken) + 2) if (key := f"LOCAL-{number}") not in taken)
    return replace(draft, sources=(*draft.sources, Source(key=key, title=name))), key


def sources_known(draft: Draft) -> dict[str, str]:
    """Return the titles of the sources there are, nationally and of the partnership's own, by their keys."""
    return {one.key: one.title for one in (*national()[0].sources, *draft.sources)}


def with_marking(draft: Draft, marking: str) -> Draft:
    """Return the draft with this marking for minutes; an empty one leaves it to the settings."""
    return replace(draft, keeping=draft.keeping.model_copy(update={"marking": tidy(marking, LONGEST_NAME)}))


def with_retention(draft: Draft, rule: str, years: str, policy: str) -> Draft:
    """Return the draft with this rule of keeping; none leaves it to the settings. Raises ``Refused``."""
    kept = {"rule": "", "years": 0, "policy": ""}
    if rule:
        count = int(years) if years.strip().isdecimal() else 0
        chosen = a_policy(national()[0].retentions, rule, count, policy)
        kept = {"rule": rule, "years": chosen.years, "policy": chosen.name}
    return replace(draft, keeping=draft.keeping.model_copy(update=kept))


def require_past(reviewed: date, today: date) -> None:
    """Raise ``Refused`` for a review on a day to come."""
    if reviewed > today:
        raise Refused("profile.reviewed-in-future", field="reviewed")


def file_of(draft: Draft) -> ProfileFile:
    """Return what the draft says; what it says of itself is only stood in for."""
    return ProfileFile(
        id="local", label=_STANDS_IN, partnership=_STANDS_IN, base=national()[0].id,
        version=_STANDS_IN, reviewed=national()[0].reviewed, order=draft.order, keeping=draft.keeping,
        changes=draft.changes, why_looser=dict(draft.why_looser),
    )  # fmt: skip


@lru_cache(maxsize=8)
def _ground(files: tuple[tuple[str, bytes], ...]) -> tuple[Contents, dict[str, tuple[RuleLine, Rule]]]:
    """Return the national rules and, beside them, the types of meeting and limits of the partnership's own."""
    contents, _ = contents_of(applied(national()[1], {**dict(files), PROFILE: written(file_of(Draft()))}))
    rules = {line.id: (line, part) for line, part in rules_of(contents) if isinstance(part, Rule)}
    return contents, rules


def _laid(draft: Draft) -> tuple[Contents, list[PackFinding]]:
    try:
        table_of(written(file_of(draft)))
    except Unreadable as error:
        return _ground(draft.files)[0], [PackFinding(PROFILE, None, "", error.reason)]
    return with_profile(_ground(draft.files)[0], ProfileParts(file_of(draft), sources=draft.sources))


def _require_standing(draft: Draft, change: Change) -> None:
    """Raise ``Refused`` where a rule is said to bind more than its sources do."""
    standing = {one.key: one.standing for one in (*national()[0].sources, *draft.sources)}
    found = {standing.get(key, "own") for key in change.source}
    if found == {"own"} and change.authority is not Authority.APP_DEFAULT:
        raise Refused("profile.source-not-binding", field="authority")
    if "not-read" in found and "read" not in found and not change.note:
        raise Refused("profile.note-missing", field="note")


def _is_called_as_before(draft: Draft, change: Change, found: Difference) -> bool:
    """Return whether a quorum asks for others than nationally, and still is called the same."""
    line, rule = _ground(draft.files)[1].get(change.rule, (None, None))
    asks_for_others = isinstance(rule, QuorumRule) and bool({"all_of", "several"} & set(change.set))
    return asks_for_others and found.stance is not Stance.SAME and line is not None and found.label == line.words


def _with(draft: Draft, change: Change) -> Draft:
    if draft.change_of(change.rule) is None:
        return replace(draft, changes=(*draft.changes, change))
    return replace(draft, changes=tuple(change if one.rule == change.rule else one for one in draft.changes))


def _field(finding: PackFinding) -> str:
    return finding.key.partition(".")[2].removeprefix("set.").partition("[")[0]


def _topic(part: Rule) -> Topic:
    if isinstance(part, TimeLimit) and part.id in _OF_MINUTES | _OF_LADDERS:
        return Topic.MINUTES if part.id in _OF_MINUTES else Topic.LADDERS
    return _TOPICS.get(type(part), Topic.ELSEWHERE)


def _wordings(ground: Contents, laid: Contents, differences: Mapping[str, Difference]) -> list[RuleHere]:
    before, now = ground.wording or {}, laid.wording or {}
    return [
        RuleHere(name, Topic.WORDING, text, text, now[table][key], None, differences.get(name))
        for table, texts in before.items()
        if table in WORDING_TABLES
        for key, text in texts.items()
        if (name := f"{_WORDING}{table}.{key}")
    ]


def _in_words(rule: Rule) -> str:
    """Return what a rule says, in what it is about."""
    main: dict[type[Rule], tuple[str, ...]] = {
        TimeLimit: ("count",), MeetingType: ("restricted_default",), ComplaintStage: ("who", "within"),
        PlanAge: ("months",), MostActions: ("count",), EndReason: ("without_conference",),
    }  # fmt: skip
    keys = main.get(type(rule), ("label",))
    if isinstance(rule, TimeLimit) and rule.clock is not None:
        keys = (*keys, "clock")
    return said(rule, keys)
