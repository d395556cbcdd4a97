"""The page that says how true the emulator is: up to date, and nothing claimed without proof."""

from pathlib import Path

import pytest

from gatewright.emulator import create_app
from gatewright.emulator.fidelity import page
from gatewright.emulator.fidelity.claim import SOURCES, Standing
from gatewright.emulator.fidelity.notes import notes, notes_in
from gatewright.emulator.fidelity.proofs import proofs

ROOT = Path(__file__).parents[2]
PROOFS = proofs(ROOT / "tests")
CLAIMS = {claim.key: claim for claim in page.claims()}


def test_the_page_is_up_to_date():
    app = create_app()
    try:
        written = page.page(app.description(), notes(), PROOFS)
    finally:
        app.close()
    found = (ROOT / "docs" / "fidelity.md").read_text("utf-8")
    assert found == written, "run `python -m gatewright.emulator.fidelity`"


def test_tests_prove_only_what_is_claimed():
    assert set(PROOFS) <= CLAIMS.keys() | set(page.TABLES)


@pytest.mark.parametrize("key", page.TABLES)
def test_the_tables_are_proved(key: str):
    assert PROOFS.get(key)


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=lambda claim: claim.key)
def test_the_same_is_said_with_a_source_and_shown_by_a_test(claim):
    assert set(claim.source.split()) <= SOURCES.keys()
    if claim.standing is Standing.SAME:
        assert claim.source
        assert PROOFS.get(claim.key)


def test_no_claim_is_made_twice():
    assert len(CLAIMS) == sum(1 for _ in page.claims())


def test_notes_are_found_in_comments_and_docstrings():
    code = '''
#: Fidelity: a comment of
#: two lines.
NUMBER = 1

def first():
    """What it does.

    Fidelity, differs: a ``docstring``
    goes on.

    More that is none.
    """

def second():
    """One line. Fidelity, not modelled: the end."""
'''
    assert [(one.place, one.text, one.standing) for one in notes_in(code, "x.py")] == [
        ("x.py", "a comment of two lines.", Standing.UNVERIFIED),
        ("x.py: first", "a `docstring` goes on.", Standing.DIFFERS),
        ("x.py: second", "the end.", Standing.NOT_MODELLED),
    ]


def test_a_file_without_proofs_proves_nothing(tmp_path: Path):
    (tmp_path / "test_x.py").write_text("def test_one():\n    pass\n")
    assert proofs(tmp_path) == {}
