"""Every sentence by which an act is refused is used by some act, and each act has one."""

import re

from app.resources import folder
from tests.builders import national_pack
from tests.test_house import refusals

APP = folder("packs").parents[1] / "app"
# these acts name what is missing: the sentence is chosen by that
BY_NEED = {f"decision.{need}-missing" for need in ("date", "person", "detail")}
BY_NEED |= {f"profile.{field}-missing" for field in ("label", "partnership", "version")}


def test_every_sentence_of_a_refusal_is_used_and_every_refusal_has_one() -> None:
    sentences = set(national_pack().wording["refusal"])
    code = "\n".join(path.read_text("utf-8") for path in APP.rglob("*.py"))
    named = {refusal.rule for refusal in refusals()} | BY_NEED
    # a rule that is handed on stands in the code by its name all the same
    handed_on = {name for name in sentences if f'"{name}"' in code}
    assert sentences - named - handed_on == set(), "sentences that nothing says"
    assert named - sentences == set(), "refusals without a sentence"
    assert re.search(r'f"decision\.\{need\}-missing"', code)
    assert re.search(r'f"profile\.\{field\}-missing"', code)
