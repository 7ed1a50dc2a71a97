"""How long a case is kept: the day until which the authority's own rule keeps it, and why; there is no default."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.models.base import LONGEST_NAME, Refused, required
from app.practice.catalogue import RecordChoice
from app.practice.words import counted, day

LEAST_YEARS, MOST_YEARS = 1, 150


@dataclass(frozen=True, slots=True)
class Policy:
    """The authority's rule: what it is counted from, how many years, and what the authority itself calls it."""

    rule: RecordChoice
    years: int
    name: str

    @property
    def words(self) -> str:
        """The rule in words, with its number of years."""
        if self.rule.counts_from == "closure":
            counting = f"{counted(self.years, 'year')} after the case was closed"
        else:
            counting = f"until the youngest child is {self.years}"
        return f"{self.name}: {counting}"


@dataclass(frozen=True, slots=True)
class Kept:
    """The last day on which a case must be kept, None where it cannot be known; and the sentence why."""

    until: date | None
    because: str

    def passed(self, today: date) -> bool:
        """Return whether ``today`` is after the last day."""
        return self.until is not None and today > self.until


def a_policy(rules: Sequence[RecordChoice], rule_id: str, years: int, name: str) -> Policy:
    """Return the rule an authority chose; raises ``Refused`` where it is none of the pack's or not whole."""
    rule = next((rule for rule in rules if rule.id == rule_id), None)
    if rule is None:
        raise Refused("retention.unknown-rule")
    if not LEAST_YEARS <= years <= MOST_YEARS:
        raise Refused("retention.years-out-of-range", least=str(LEAST_YEARS), most=str(MOST_YEARS))
    return Policy(rule, years, required(name, "retention.policy-missing", LONGEST_NAME))


def keep_until(policy: Policy | None, closed_on: date | None, births: Sequence[date | None]) -> Kept:
    """Return until when a case is kept that was closed on a day and is about children born on ``births``."""
    if closed_on is None:
        return Kept(None, "The case is not closed, so it is kept.")
    closed = f"The case was closed on {day(closed_on)}"
    if policy is None:
        sentence = f"{closed}. How long your authority keeps its cases is not decided yet: choose it in the settings."
        return Kept(None, sentence)
    if policy.rule.counts_from == "closure":
        until = _years_after(closed_on, policy.years)
        return Kept(until, f"{closed}, and the rule is: {policy.words}.")
    known = [born for born in births if born is not None]
    if not known or len(known) < len(births):
        missing = counted(len(births) - len(known), "child", "children") if births else "every child"
        sentence = (
            f"The rule is: {policy.words}. The date of birth of {missing} is not recorded, so it cannot be counted."
        )
        return Kept(None, sentence)
    youngest = max(known)
    until = max(_years_after(youngest, policy.years), closed_on)
    return Kept(until, f"{closed}. The youngest child was born on {day(youngest)}, and the rule is: {policy.words}.")


def _years_after(start: date, years: int) -> date:
    """Return the same day so many years later; after a leap day it is 1 March, so that nothing is let go too early."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return date(start.year + years, 3, 1)
