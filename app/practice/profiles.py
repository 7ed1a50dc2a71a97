"""Lays a local profile over a pack, and says of each change what it comes to.

A profile's files stand beside those of its pack, below ``profile/``. Together they are an ordinary set of pack files,
so that a meeting keeps the exact local rules it ran under, and they read the same in ten years.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from operator import is_
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from app.practice.catalogue import Source, TimeLimit
from app.practice.comparing import looser_in, said, stance_of
from app.practice.contents import Contents, PackFinding, repeated
from app.practice.local import Change, Difference, Profile, ProfileFile, Stance
from app.practice.pack import MeetingType, Pack
from app.practice.reasons import sentence_of
from app.practice.rule import Authority, Part, Rule
from app.practice.rule_lines import RuleLine, rules_of, words_of

FOLDER: Final = "profile/"
FILE: Final = f"{FOLDER}profile.toml"
OF_A_PROFILE: Final = frozenset({"profile.toml", "limits.toml", "sources.toml"})

_WORDING: Final = "wording."
# the names of local things; a sentence that says how the record stands is the same everywhere
WORDING_TABLES: Final = frozenset({"opening", "agency_kinds", "methods", "capacity", "invitation", "responsibility"})
_OWN_KEYS: Final = ("authority", "source", "reviewed")

_Kind = TypeVar("_Kind", bound=Part)


@dataclass(frozen=True, slots=True)
class ProfileParts:
    """What the files of a profile hold."""

    file: ProfileFile
    limits: tuple[TimeLimit, ...] = ()
    sources: tuple[Source, ...] = ()


def applied(pack_files: Mapping[str, bytes], profile_files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of a pack with those of a profile laid over it, in place of any that was there before."""
    national = {name: content for name, content in pack_files.items() if not name.startswith(FOLDER)}
    return national | {f"{FOLDER}{name.removeprefix(FOLDER)}": content for name, content in profile_files.items()}


def own_files(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of the profile among those of a pack."""
    return {name: content for name, content in files.items() if name.startswith(FOLDER)}


def with_profile(contents: Contents, parts: ProfileParts) -> tuple[Contents, list[PackFinding]]:
    """Return a pack with a profile's changes made, and a finding for each that could not be understood."""
    file, findings = parts.file, list[PackFinding]()
    contents = replace(
        contents,
        time_limits=None if contents.time_limits is None else (*contents.time_limits, *parts.limits),
        sources=None if contents.sources is None else (*contents.sources, *parts.sources),
    )
    differences = [*_own_types(contents, file)]
    named, done = {line.id: (line, part) for line, part in rules_of(contents)}, list[tuple[Rule, Rule]]()
    for place, change in enumerate(file.changes, 1):
        changed = _Changing(contents, change, f"changes[{place}]", named, done).made()
        if isinstance(changed, PackFinding):
            findings.append(changed)
        else:
            contents, difference = changed
            differences.append(difference)
    said_of_itself = file.model_dump(include=set(Profile.model_fields) - {"keeping"})
    adds = tuple(meeting.id for name, meeting in contents.meetings if name.startswith(FOLDER))
    profile = Profile(**said_of_itself, keeping=file.keeping, adds=adds, differences=tuple(differences))
    return replace(contents, profile=profile), findings


_OF_A_TYPE: Final = ("closing", "chair_models", "restricted_default", "privileged")
_OF_ITS_QUORUM: Final = (
    "all_of", "several", "posts", "if_inquorate.allowed_decisions", "if_inquorate.choices", "if_inquorate.proceed_when",
)  # fmt: skip


def _own_types(contents: Contents, file: ProfileFile) -> Iterator[Difference]:
    """Give in what a meeting type of the profile asks for less than the type that it starts from."""
    types = {meeting.id: meeting for _, meeting in contents.meetings}
    for name, own in contents.meetings:
        base = types.get(own.base)
        if base is None or not name.startswith(FOLDER):
            continue
        keys, inquorate = looser_in(base, own, _OF_A_TYPE), looser_in(base.quorum, own.quorum, _OF_ITS_QUORUM)
        required = {(question.id, question.per_child) for question in own.decisions if question.required}
        needed = [asked for asked in base.decisions if asked.required]
        dropped = [q.question for q in needed if not required & {(q.id, q.per_child), (q.id, True)}]
        if not (keys or inquorate or dropped):
            continue
        before = [said(base, keys), said(base.quorum, inquorate), *dropped]
        now = [said(own, keys), said(own.quorum, inquorate), "not asked for, or not for each child" if dropped else ""]
        yield Difference(
            rule=own.id, rule_id=own.id, label=own.label, meeting_types=(own.id,),
            national=f"{base.label}, {'; '.join(filter(None, before))}", local="; ".join(filter(None, now)),
            stance=Stance.LOOSER, authority=own.authority, source=own.source, reviewed=own.reviewed,
            why_looser=file.why_looser.get(own.id, ""),
        )  # fmt: skip


@dataclass(slots=True)
class _Changing:
    """One change being made to a pack, of which ``named`` are the rules as they were before what is ``done``."""

    contents: Contents
    change: Change
    key: str
    named: Mapping[str, tuple[RuleLine, Part]]
    done: list[tuple[Rule, Rule]]

    def made(self) -> tuple[Contents, Difference] | PackFinding:
        """Return the pack with the change made and what it comes to, or what is wrong with it."""
        if self.change.rule.startswith(_WORDING):
            return self._worded()
        line, national = self.named.get(self.change.rule, (None, None))
        if line is None or not isinstance(national, Rule):
            return self._fault("rule", f'names the rule "{self.change.rule}", unknown')
        for before, now in self.done:
            national = _with(national, before, now)
        local = self._laid_over(national)
        if isinstance(local, PackFinding):
            return local
        keys = list(_keys_of(self.change.set))
        stance, unknown = stance_of(national, local, keys)
        meetings = tuple(
            meeting.id
            for _, meeting in self.contents.meetings
            if line.meeting_type
            and _is_of(self.contents, meeting, line.meeting_type)
            and _with(meeting, national, local) is not meeting
        )
        difference = self._difference(
            line.id, national.id, words_of(local), said(national, keys), said(local, keys), stance
        ).model_copy(
            update={
                "meeting_types": meetings,
                "by_statute": national.authority is Authority.STATUTE,
                "unknown": unknown,
            }
        )
        self.done.append((national, local))
        return _replaced(self.contents, line, national, local), difference

    def _laid_over(self, national: Rule) -> Rule | PackFinding:
        """Return the rule with what is set over it, and the authority, source and review of the change."""
        change = self.change
        own = {key: value for key, value in change.model_dump(mode="json").items() if key in _OWN_KEYS}
        note = {"note": change.note} if change.note else {}
        table = _merged(national.model_dump(mode="json", exclude_unset=True), {**change.set, **own, **note})
        if "id" in change.set or any(key in change.set for key in (*_OWN_KEYS, "note")):
            return self._fault("set", "holds what is said beside it, or the id of the rule")
        try:
            return type(national).model_validate_json(json.dumps(table, default=str), strict=True)
        except ValidationError as refused:
            key, reason = sentence_of(refused.errors(include_url=False, include_input=False)[0], table)
            return self._fault(f"set.{key}", reason)

    def _worded(self) -> tuple[Contents, Difference] | PackFinding:
        """Return the pack with a sentence of its wording set otherwise."""
        wording, change = self.contents.wording or {}, self.change
        table, _, key = change.rule.removeprefix(_WORDING).partition(".")
        old = wording.get(table, {}).get(key)
        if old is None or table not in WORDING_TABLES:
            return self._fault("rule", f'names the wording "{change.rule}", which no profile may set')
        text = change.set.get("text")
        if set(change.set) != {"text"} or not isinstance(text, str) or not text.strip():
            return self._fault("set", "must hold the new text, and nothing else")
        whole = {**wording, table: {**wording[table], key: text}}
        difference = self._difference(change.rule, table, "Wording", old, text, Stance.WORDS)
        return replace(self.contents, wording=whole), difference

    def _difference(
        self, rule: str, rule_id: str, label: str, national: str, local: str, stance: Stance
    ) -> Difference:  # fmt: skip
        change = self.change
        return Difference(
            key=self.key, rule=rule, rule_id=rule_id, label=label, national=national, local=local, stance=stance,
            authority=change.authority, source=change.source, reviewed=change.reviewed, note=change.note,
            why_looser=change.why_looser,
        )  # fmt: skip

    def _fault(self, key: str, reason: str) -> PackFinding:
        return PackFinding(FILE, None, f"{self.key}.{key}", reason)


def profile_faults(contents: Contents) -> Iterator[PackFinding]:
    """Give what a profile may not do: loosen silently, loosen a statute, set what cannot be compared."""
    profile = contents.profile
    if profile is None:
        return
    known = {source.key for source in contents.sources or ()}
    if contents.heading and profile.base != contents.heading.id:
        yield PackFinding(FILE, None, "base", f'names the pack "{profile.base}"; this one is {contents.heading.id}')
    if profile.keeping.rule and profile.keeping.rule not in {rule.id for rule in contents.retentions}:
        yield PackFinding(FILE, None, "keeping.rule", f'names the rule "{profile.keeping.rule}", unknown')
    types = {meeting.id for _, meeting in contents.meetings}
    for place, name in enumerate(profile.order, 1):
        if name not in types and contents.every_meeting:
            yield PackFinding(FILE, None, f"order[{place}]", f'names the meeting type "{name}", unknown')
    yield from repeated(FILE, "changes", "rule", [one.rule for one in profile.differences])
    for one in profile.differences:
        key = one.key
        for name in one.unknown:
            yield PackFinding(FILE, None, f"{key}.set.{name}", f"cannot be set by a profile in the rule {one.rule}")
        if one.stance is Stance.LOOSER and one.by_statute:
            yield PackFinding(FILE, None, f"{key}.set", f"loosens {one.rule}, which a statute sets: leave it as it is")
        elif one.stance is Stance.LOOSER and not one.why_looser.strip():
            reason = (
                f"loosens {one.rule} silently ({one.national} becomes {one.local}): say why, in words that the minutes "
                "print"
            )
            yield PackFinding(FILE, None, f"{key}.why_looser" if key else f"why_looser.{one.rule}", reason)
        for name in one.source:
            if name not in known:
                yield PackFinding(FILE, None, f"{key}.source", f'names the source "{name}", unknown')


def concerning(pack: Pack, meeting_type: MeetingType) -> list[Difference]:
    """Return the local rules that a meeting of this type ran under, the looser ones at the head."""
    if pack.profile is None:
        return []
    follow_up = meeting_type.follow_up
    used = {*meeting_type.time_limits, meeting_type.quorum.if_inquorate.reconvene_limit, meeting_type.document}
    used |= {*meeting_type.chair_models, follow_up.limit if follow_up else ""}
    elsewhere = {rule.id for rule in (*pack.time_limits, *pack.documents, *pack.chair_models)} - used
    found = [
        one
        for one in pack.profile.differences
        if (meeting_type.id in one.meeting_types if one.meeting_types else one.rule_id not in elsewhere)
    ]
    return sorted(found, key=lambda one: one.stance is not Stance.LOOSER)


def _keys_of(values: Mapping[str, Any], above: str = "") -> Iterator[str]:
    for key, value in values.items():
        if isinstance(value, dict) and key not in ("gives", "if_child"):
            yield from _keys_of(value, f"{above}{key}.")
        else:
            yield f"{above}{key}"


def _merged(table: dict[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(table)
    for key, value in over.items():
        old = merged.get(key)
        merged[key] = _merged(old, value) if isinstance(value, dict) and isinstance(old, dict) else value
    return merged


def _is_of(contents: Contents, meeting: MeetingType, owner: str) -> bool:
    """Return whether a meeting type is the one with that id, or takes over from it."""
    bases = {known.id: known.base for _, known in contents.meetings}
    name, seen = meeting.id, set[str]()
    while name and name != owner and name not in seen:
        seen.add(name)
        name = bases.get(name, "")
    return name == owner


def _replaced(contents: Contents, line: RuleLine, old: Rule, new: Rule) -> Contents:
    """Return the pack with a rule in the place of another, also where a variant took that over unchanged."""
    if line.meeting_type:
        meetings = tuple(
            (name, _with(meeting, old, new) if _is_of(contents, meeting, line.meeting_type) else meeting)
            for name, meeting in contents.meetings
        )
        return replace(contents, meetings=meetings)
    changed: dict[str, Any] = {}
    for name in ("sectors", "time_limits", "lexicon", "markings", "retentions", "chair_models", "flags", "documents"):
        entries = getattr(contents, name) or ()
        if any(entry is old for entry in entries):
            changed[name] = tuple(new if entry is old else entry for entry in entries)
    for name in ("participation", "plan"):
        part = getattr(contents, name)
        if part is not None:
            changed[name] = _with(part, old, new)
    return replace(contents, **changed)


def _with(part: _Kind, old: Rule, new: Rule) -> _Kind:
    """Return a part with every rule below it that is ``old`` replaced; the part itself where there is none."""
    if type(part) is type(old) and isinstance(part, Rule) and part.id == old.id and part == old:
        return new  # type: ignore[return-value]  # what is equal to the old rule is of its kind, as the new one is
    changed: dict[str, Any] = {}
    for name in type(part).model_fields:
        value = getattr(part, name)
        if isinstance(value, Part):
            inner: Any = _with(value, old, new)
        elif isinstance(value, tuple) and any(isinstance(entry, Part) for entry in value):
            inner = tuple(_with(entry, old, new) if isinstance(entry, Part) else entry for entry in value)
            inner = value if all(map(is_, inner, value)) else inner
        else:
            continue
        if inner is not value:
            changed[name] = inner
    return part.model_copy(update=changed) if changed else part
