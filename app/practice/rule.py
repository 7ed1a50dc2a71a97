"""What every part of a pack is made of, and what each of its rules says of itself."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,63}$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=4000)]


class Authority(StrEnum):
    """How binding a rule is, from most to least (reference: domain, section 0)."""

    STATUTE = "statute"
    STATUTORY_GUIDANCE = "statutory_guidance"
    COMMON_LOCAL = "common_local"
    LOCAL_EXAMPLE = "local_example"
    APP_DEFAULT = "app_default"


class Part(BaseModel):
    """Anything a pack holds: strict, frozen, and refusing keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class Rule(Part):
    """A part of a pack that a chair may ask about: how binding it is, where it comes from, when it was reviewed.

    ``source`` holds keys of ``sources.toml``; ``note`` says what is not confirmed.
    """

    id: Id
    authority: Authority
    source: tuple[Id, ...] = Field(min_length=1)
    reviewed: date
    note: str = ""
