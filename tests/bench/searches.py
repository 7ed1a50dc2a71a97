"""The row about searching: a store of 200,000 statements, against the raw queries of its index."""

import random
from datetime import timedelta

from sqlalchemy import insert

from app.models.base import uuid7
from app.models.statement import Kind, Statement
from app.services.searching import MOST, search_for
from app.services.sitting import Sitting
from app.store import search
from tests.bench.row import Row, ratio_row
from tests.bench.stores import START, a_meeting, a_sitting

STATEMENTS = 200_000
WORDS = 18
# as in speech a few words are in most statements, and most words in a few
VOCABULARY = [f"{begin}{middle}{end}" for begin in "bdfgklmnprst" for middle in ("a", "e", "io", "ou") for end in
              ("ng", "rd", "st", "ll", "ver", "ken", "mar", "dle", "pin", "tow")]  # fmt: skip
RANKED = "SELECT rowid, words FROM plain WHERE plain MATCH ? ORDER BY rank LIMIT ?"
ASKED = ("bang", "dest mioll", "toutow soupin", '"bang bard"')


def _said(count: int) -> list[str]:
    chance = random.Random(1)  # the same words in each run
    weights = [1 / place for place in range(1, len(VOCABULARY) + 1)]
    return [" ".join(chance.choices(VOCABULARY, weights, k=WORDS)) for _ in range(count)]


def _fill(sitting: Sitting) -> None:
    meeting, speaker, item = a_meeting(sitting)
    rows = [
        {
            "id": uuid7(START + timedelta(seconds=number), number.to_bytes(8, "big")), "meeting_id": meeting,
            "speaker_id": speaker, "item_id": item, "said_at": START, "text": text, "kind": Kind.FACT, "source": "",
            "restricted": False, "wordings": 1,
        }
        for number, text in enumerate(_said(STATEMENTS))
    ]  # fmt: skip
    with sitting.store.connection() as connection, connection.begin():
        connection.execute(insert(Statement), rows)


def searching(runs: int = 9) -> list[Row]:
    """Four searches of 200,000 statements as the page asks for them: with who said it, where, and the trail's entry.

    Against the ranked query that one writes by hand on a plain index of the same words; the other row has the very
    questions that the search asks of its own index, which wants no ranks, as its yardstick.
    """
    with a_sitting() as sitting:
        _fill(sitting)
        with sitting.store.connection() as connection, connection.begin():
            connection.exec_driver_sql("CREATE VIRTUAL TABLE plain USING fts5(words)")
            connection.exec_driver_sql("INSERT INTO plain(rowid, words) SELECT rowid, words FROM search")

        def ours() -> None:
            for words in ASKED:
                if not search_for(sitting, words).of:
                    raise RuntimeError("the bench looks for words that are not there")

        def by_hand() -> None:
            with sitting.store.connection() as connection:
                for words in ASKED:
                    wanted = (search.query(words), MOST)
                    connection.exec_driver_sql(RANKED, wanted).all()

        def of_the_index() -> None:
            with sitting.store.connection() as connection:
                for words in ASKED:
                    wanted = search.query(words)
                    connection.exec_driver_sql(search.FINDS, (wanted, search.LAST, MOST)).all()
                    connection.exec_driver_sql(search.COUNTS, (wanted,)).scalar_one()

        name = f"searching {STATEMENTS:,} statements"
        return [
            ratio_row(f"{name}, against a ranked query", 1.3, ours, by_hand, runs),
            ratio_row(f"{name}, against its own questions", 2.0, ours, of_the_index, runs),
        ]
