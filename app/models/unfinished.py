"""Words that are typed and not saved as anything yet."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Unfinished(Base):
    """What stood half typed on a screen, so that neither a lock nor a power cut loses it.

    It is not of the record: the trail does not hold it, and it goes when the words are saved or given up.
    """

    __tablename__ = "unfinished"

    screen: Mapped[str] = mapped_column(primary_key=True)
    words: Mapped[str]
    kept_at: Mapped[datetime]
