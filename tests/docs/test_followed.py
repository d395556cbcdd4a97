"""Pages that are followed to the letter: each command is run, each output is what the page shows.

The tutorial's installation is not run here: that a built wheel works in a clean environment is
tested with the distribution.
"""

import re
from pathlib import Path

import pytest
from support.page import follow, pattern


@pytest.mark.e2e
def test_each_command_of_the_tutorial_prints_what_it_shows(tmp_path: Path) -> None:
    follow("tutorial.md", tmp_path)


def test_each_command_for_many_accounts_prints_what_the_page_shows(tmp_path: Path) -> None:
    follow("many-accounts.md", tmp_path)


@pytest.mark.parametrize(
    ("shown", "printed", "matches"),
    [
        (["a", "…", "z"], "a\nz\n", True),
        (["a", "…", "z"], "a\nb\nc\nz\n", True),
        (["in … ms"], "in 12 ms\n", True),
        (["a"], "a\nb\n", False),
        (["a", "…"], "b\n", False),
        ([], "said\n", False),
    ],
)
def test_what_differs_is_seen(shown, printed, matches):
    assert bool(re.fullmatch(pattern(shown), printed)) is matches
