"""Whether one meeting type fits together with the rest of its pack."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from app.practice.catalogue import TimeLimit
from app.practice.contents import Contents, PackFinding, repeated
from app.practice.pack import Clearance, FollowUp, MeetingType
from app.practice.questions import SPEAKERS, Condition, DecisionQuestion

_NUMBERED: Final = re.compile(r"(\w+)\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class MeetingFaults:
    """One meeting type, looked at beside the rest of its pack."""

    file: str
    meeting: MeetingType
    contents: Contents

    def faults(self) -> Iterator[PackFinding]:
        """Give what does not fit."""
        yield from self._ids()
        yield from self._agenda()
        yield from self._questions()
        yield from self._flags()
        yield from self._quorum()
        yield from self._agencies()
        yield from self._limits()
        yield from self._other_types()
        yield from self._arrangements()

    def _fault(self, key: str, reason: str) -> PackFinding:
        return PackFinding(self.file, None, key, reason)

    def _unknown(self, key: str, what: str, names: Iterable[str], known: Collection[str]) -> Iterator[PackFinding]:
        for place, name in enumerate(names, 1):
            if name not in known:
                yield self._fault(f"{key}[{place}]", f'names the {what} "{name}", unknown')

    def _ids(self) -> Iterator[PackFinding]:
        meeting = self.meeting
        prompts = [prompt.id for item in meeting.agenda for prompt in item.prompts]
        groups: tuple[tuple[str, list[str]], ...] = (
            ("agenda", [item.id for item in meeting.agenda]),
            ("agenda.prompts", prompts),
            ("decisions", [question.id for question in meeting.decisions]),
            ("views", [question.id for question in meeting.views]),
            ("invites", [invite.id for invite in meeting.invites]),
            ("record", [entry.id for entry in meeting.record]),
            ("closing", [name.value for name in meeting.closing]),
            ("time_limits", list(meeting.time_limits)),
        )
        for key, names in groups:
            yield from repeated(self.file, key, "id", names)
        options = [(f"decisions[{place}]", q.options) for place, q in enumerate(meeting.decisions, 1)]
        options += [(f"views[{place}]", q.options) for place, q in enumerate(meeting.views, 1)]
        for key, choices in options:
            yield from repeated(self.file, f"{key}.options", "id", [option.id for option in choices])

    def _agenda(self) -> Iterator[PackFinding]:
        meeting = self.meeting
        decisions = {question.id for question in meeting.decisions}
        views = {question.id for question in meeting.views}
        for place, item in enumerate(meeting.agenda, 1):
            yield from self._unknown(f"agenda[{place}].decisions", "decision", item.decisions, decisions)
            yield from self._unknown(f"agenda[{place}].views", "view", item.views, views)
        for key, ids, taken in (
            ("decisions", decisions, Counter(name for item in meeting.agenda for name in item.decisions)),
            ("views", views, Counter(name for item in meeting.agenda for name in item.views)),
        ):
            for name in sorted(ids):
                if taken[name] != 1:
                    yield self._fault(key, f'"{name}" must be on one agenda item; it is on {taken[name]}')

    def _questions(self) -> Iterator[PackFinding]:
        meeting = self.meeting
        for place, question in enumerate(meeting.decisions, 1):
            yield from self._conditions(f"decisions[{place}].required_when", dict(enumerate(question.required_when, 1)))
            if not question.per_child and any(option.leads_to for option in question.options):
                reason = "must be decided for each child: work for a child follows from it"
                yield self._fault(f"decisions[{place}].per_child", reason)
        for place, view in enumerate(meeting.views, 1):
            decision = meeting.decision(view.decision)
            if decision is None:
                yield self._fault(f"views[{place}].decision", f'names the decision "{view.decision}", unknown')
            elif not decision.per_child:
                reason = f"must be one for each child, as the views are: {decision.id} is decided once for all"
                yield self._fault(f"views[{place}].decision", reason)
            elif len({option.id for option in view.options} & {option.id for option in decision.options}) < 2:
                reason = f"must share two or more ids with the options of {decision.id}, or no majority can be told"
                yield self._fault(f"views[{place}].options", reason)

    def _conditions(self, key: str, conditions: Mapping[int, Condition]) -> Iterator[PackFinding]:
        for place, condition in conditions.items():
            question: DecisionQuestion | None = self.meeting.decision(condition.decision)
            if question is None:
                yield self._fault(f"{key}[{place}].decision", f'names the decision "{condition.decision}", unknown')
                continue
            for number, option in enumerate(condition.options, 1):
                if question.option(option) is None:
                    where = f"{key}[{place}].options[{number}]"
                    yield self._fault(where, f'names the option "{option}", which {question.id} does not have')

    def _flags(self) -> Iterator[PackFinding]:
        if self.contents.flags is None:
            return
        known = {flag.id for flag in self.contents.flags}
        for place, question in enumerate(self.meeting.decisions, 1):
            if question.flag and question.flag not in known:
                yield self._fault(f"decisions[{place}].flag", f'names the flag "{question.flag}", unknown')

    def _quorum(self) -> Iterator[PackFinding]:
        rule = self.meeting.quorum
        allowed = rule.if_inquorate.allowed_decisions
        decisions = {question.id for question in self.meeting.decisions}
        yield from self._unknown("quorum.if_inquorate.allowed_decisions", "decision", allowed, decisions)
        for key in ("mark", "reconvene_limit") if rule.needed else ():
            if not getattr(rule.if_inquorate, key):
                yield self._fault(f"quorum.if_inquorate.{key}", "is missing")
        if "proceed" in rule.if_inquorate.choices and not rule.if_inquorate.proceed_when:
            reason = "is missing: the chair may proceed, and must be told on what grounds"
            yield self._fault("quorum.if_inquorate.proceed_when", reason)

    def _agencies(self) -> Iterator[PackFinding]:
        sectors = self.contents.sectors
        if sectors is None:
            return
        kinds = {kind for sector in sectors for kind in sector.kinds}
        roles = {role.id for sector in sectors for role in sector.roles}
        meeting = self.meeting
        yield from self._unknown("quorum.all_of", "sector or kind", meeting.quorum.all_of, kinds)
        for place, several in enumerate(meeting.quorum.several, 1):
            yield from self._unknown(f"quorum.several[{place}].of", "sector or kind", several.of, kinds)
            yield from self._unknown(f"quorum.several[{place}].separately", "role", several.separately, roles)
        for place, post in enumerate(meeting.quorum.posts, 1):
            yield from self._unknown(f"quorum.posts[{place}].of", "sector or kind", post.of, kinds)
            yield from self._unknown(f"quorum.posts[{place}].roles", "role", post.roles, roles)
            if not post.of and not post.roles:
                yield self._fault(f"quorum.posts[{place}].roles", "is missing: say by which role, or of which kind")
        for place, invite in enumerate(meeting.invites, 1):
            yield from self._unknown(f"invites[{place}].sectors", "sector or kind", invite.sectors, kinds)
        for place, item in enumerate(meeting.agenda, 1):
            yield from self._unknown(f"agenda[{place}].speakers", "speaker", item.speakers, kinds | SPEAKERS)

    def _limits(self) -> Iterator[PackFinding]:
        meeting, limits = self.meeting, self.contents.time_limits
        if limits is None:
            return
        by_id = {limit.id: limit for limit in limits}
        yield from self._unknown("time_limits", "time limit", meeting.time_limits, by_id)
        yield from self._unknown("answers", "time limit", meeting.answers, by_id)
        for place, question in enumerate(meeting.decisions, 1):
            yield from self._unknown(f"decisions[{place}].fixes", "time limit", question.fixes, by_id)
        named = {"quorum.if_inquorate.reconvene_limit": meeting.quorum.if_inquorate.reconvene_limit}
        named["follow_up.limit"] = meeting.follow_up.limit if meeting.follow_up else ""
        for key, name in named.items():
            if name and name not in by_id:
                yield self._fault(key, f'names the time limit "{name}", unknown')
        for place, name in enumerate(meeting.time_limits, 1):
            if name in by_id:
                when = self._own_conditions(by_id[name])
                yield from self._conditions(f"time_limits[{place}] ({name}).when", when)

    def _own_conditions(self, limit: TimeLimit) -> dict[int, Condition]:
        """Return the conditions of a limit by place, without those that are there for another type of meeting."""
        here = {question.id for question in self.meeting.decisions}
        elsewhere = {
            question.id
            for _, meeting in self.contents.meetings
            if limit.id in meeting.time_limits
            for question in meeting.decisions
        }
        fits = any(condition.decision in here for condition in limit.when)
        return {
            place: condition
            for place, condition in enumerate(limit.when, 1)
            if condition.decision in here or not fits or condition.decision not in elsewhere
        }

    def _other_types(self) -> Iterator[PackFinding]:
        meeting = self.meeting
        known = {other.id for _, other in self.contents.meetings}
        named = [(f"follows[{place}]", name) for place, name in enumerate(meeting.follows, 1)]
        named.append(("converts_to", meeting.converts_to))
        if meeting.follow_up:
            named.append(("follow_up.type", meeting.follow_up.type))
            yield from self._conditions("follow_up.fixed_by", dict(enumerate(meeting.follow_up.fixed_by, 1)))
            yield from self._follow_up(meeting.follow_up)
        elif Clearance.FOLLOW_UP_FIXED in meeting.closing:
            yield self._fault("follow_up", "is missing: closing asks for it")
        for key, name in named:
            if name and name not in known and self.contents.every_meeting:
                yield self._fault(key, f'names the meeting type "{name}", unknown')

    def _follow_up(self, follow_up: FollowUp) -> Iterator[PackFinding]:
        """Give what would let the meeting that must follow be fixed for a day after its limit, with nobody told."""
        meeting = self.meeting
        if follow_up.limit not in meeting.time_limits:
            yield self._fault("follow_up.limit", "must be one of the time limits of the meeting")
        if Clearance.DATES_KEPT not in meeting.closing:
            yield self._fault("closing", "must hold dates-kept, which looks at the day of the meeting that follows")
        for place, condition in enumerate(follow_up.fixed_by, 1):
            question = meeting.decision(condition.decision)
            chosen = [option for option in question.options if option.id in condition.options] if question else []
            if question and follow_up.limit not in question.fixes:
                yield self._fault(f"follow_up.fixed_by[{place}].decision", f"must be one that fixes {follow_up.limit}")
            if any("date" not in option.needs for option in chosen):
                yield self._fault(f"follow_up.fixed_by[{place}].options", "must each need a date")

    def _arrangements(self) -> Iterator[PackFinding]:
        meeting, models, documents = self.meeting, self.contents.chair_models, self.contents.documents
        if models is not None:
            yield from self._unknown("chair_models", "chair model", meeting.chair_models, {m.id for m in models})
        if documents is None or not meeting.document:
            return
        document = next((entry for entry in documents if entry.id == meeting.document), None)
        if document is None:
            yield self._fault("document", f'names the document "{meeting.document}", unknown')
        elif meeting.privileged:
            given = [name for name, share in document.gives if share != "-" and name != "legal"]
            if given:
                reason = f"must give nothing outside the authority, for the meeting is privileged: {', '.join(given)}"
                yield self._fault("document", reason)


def told_once(findings: Iterable[PackFinding], contents: Contents) -> Iterator[PackFinding]:
    """Give the findings, those of a base not again for its variants, and in a variant by id instead of by number.

    Entries that a variant takes over have no number in its file.
    """
    meetings = dict(contents.meetings)
    files = {meeting.id: file for file, meeting in contents.meetings}
    found = [(finding, _by_id(finding.key, meetings.get(finding.file))) for finding in findings]
    told = {(finding.file, key, finding.reason) for finding, key in found}
    for finding, key in found:
        meeting = meetings.get(finding.file)
        if meeting is None or not meeting.base:
            yield finding
        elif (files.get(meeting.base), key, finding.reason) not in told:
            yield replace(finding, key=key)


def _by_id(key: str, meeting: MeetingType | None) -> str:
    """Return a key of a finding with the ids of entries in place of their numbers."""
    place: object = meeting
    steps: list[str] = []
    for step in key.split("."):
        numbered = _NUMBERED.fullmatch(step)
        entries = getattr(place, numbered[1] if numbered else step, None)
        if numbered and isinstance(entries, tuple) and int(numbered[2]) <= len(entries):
            place = entries[int(numbered[2]) - 1]
            steps.append(f"{numbered[1]}[{getattr(place, 'id', numbered[2])}]")
        else:
            place = entries
            steps.append(step)
    return ".".join(steps)
