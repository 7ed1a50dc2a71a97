"""Something wrong with a record, and where."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault with its path in the file, such as ``meeting.decisions[3].child``, and what is wrong there.

    No path stands for the file as a whole. As text it is one sentence's body.
    """

    path: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}: {self.sentence}" if self.path else self.sentence
