"""The last parts of the minutes: who is given them, which rules were applied, who signs, and how that is checked."""

from collections.abc import Iterator

from app.minutes.document import Block, Heading, Listing, PageBreak, SignaturePanel, Text, TextRole
from app.minutes.sections import Material, beside, lines, note
from app.minutes.sections_local import local_rules
from app.minutes.sections_outcome import dates_of, questions_of
from app.practice import words
from app.practice.directing import flags_of
from app.practice.profiles import concerning
from app.practice.rule import Rule


def distribution(m: Material) -> Iterator[Block]:
    """Yield who is given these minutes."""
    if m.meeting_type.distribution:
        yield Heading(1, m.said("distribution"))
        yield Text(m.meeting_type.distribution)


def rules(m: Material) -> Iterator[Block]:
    """Yield which rules were applied, how binding each is, where it comes from, and what is not confirmed."""
    pack = m.pack
    yield Heading(1, m.said("rules"))
    yield Text(f"{pack.label}, {pack.version}. {m.labelled('reviewed', words.day(pack.reviewed))}.")
    applied = _applied(m)
    yield from note(lines(*(_rule_line(m, label, rule) for label, rule in applied)))
    yield from local_rules(m)
    notes = dict.fromkeys(f"{_ended(label)} {rule.note}" for label, rule in applied if rule.note)
    if notes:
        yield Heading(2, m.said("rule_notes"))
        yield from note(lines(*notes))
    yield Heading(2, m.said("source_list"))
    cited = {key for _, rule in applied for key in rule.source}
    cited |= {key for one in concerning(pack, m.meeting_type) for key in one.source}
    yield from note("; ".join(_source(m, key) for key in sorted(cited)))
    yield from note(m.said("conditional_questions"))


def _applied(m: Material) -> list[tuple[str, Rule]]:
    kind = m.meeting_type
    found: list[tuple[str, Rule]] = [(kind.label, kind), (f"{m.said('quorum')}: {kind.quorum.label}", kind.quorum)]
    found += [(question.question, question) for question in questions_of(m)]
    found += [(due.limit.label, due.limit) for due in dates_of(m).due]
    grounds = {exclusion.ground for exclusion in m.meeting.exclusions}
    found += [(ground.label, ground) for ground in m.pack.participation.grounds if ground.id in grounds]
    found += [(flag.label, flag) for flag in flags_of(m.meeting, m.meeting_type, m.pack)]
    return list({rule.id: (label, rule) for label, rule in found}.values())


def _rule_line(m: Material, label: str, rule: Rule) -> str:
    reviewed = f"; {m.labelled('reviewed', words.day(rule.reviewed))}" if rule.reviewed != m.pack.reviewed else ""
    return f"{_ended(label)} {m.said(f'authority.{rule.authority}')}; {', '.join(rule.source)}{reviewed}"


def _ended(label: str) -> str:
    return label if label.endswith("?") else f"{label}:"


def _source(m: Material, key: str) -> str:
    source = next((source for source in m.pack.sources if source.key == key), None)
    if source is None:
        return key
    return beside(key, source.title)


def signature(m: Material) -> Iterator[Block]:
    """Yield the panel of whoever signs, on the last page, or the word that nobody has signed."""
    signer, chair = m.signer, m.meeting.chair
    if m.final:
        yield PageBreak()
    yield Heading(1, m.said("signature"))
    if signer is None or not m.final:
        yield SignaturePanel(m.said("unsigned"), "", m.said("unsigned_why"))
        return
    concluded = m.meeting.concluded_at
    text = lines(
        m.labelled("chair", chair.name) if chair else "",
        m.labelled("concluded", words.moment(concluded)) if concluded else "",
        m.said("signed_when"),
        m.labelled("fingerprint", signer.fingerprint),
        m.said("signed_how"),
    )
    yield SignaturePanel(signer.name, ", ".join(p for p in (signer.role, signer.organisation) if p), text)


def checking(m: Material) -> Iterator[Block]:
    """Yield below the signature how a receiver makes sure that these minutes are whole and whose they are."""
    if not m.final:
        return
    yield Heading(2, m.said("check"))
    yield Text(m.said("check_why"))
    yield Heading(3, m.said("check_in_viewer"))
    yield Listing(tuple(m.said(f"check_viewer_{step}") for step in (1, 2, 3)), numbered=True)
    yield Heading(3, m.said("check_with_program"))
    yield Text("chairside verify FILE.pdf --trust AUTHORITY.pem", TextRole.QUOTE)
    yield Text(m.said("check_program_says"))
    yield Text(m.said("check_lost_why"))
