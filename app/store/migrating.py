"""Brings a store to the newest form, all or nothing."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine

FOLDER = Path(__file__).parent / "migrations"


class UnknownRevision(Exception):
    """The store is at a revision this version does not know."""


def upgrade(engine: Engine, revision: str = "head", folder: Path = FOLDER) -> None:
    """Run the migrations that are missing; raises ``UnknownRevision`` where the store is newer than the program."""
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
    except CommandError as error:
        raise UnknownRevision from error
