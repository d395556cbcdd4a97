"""What a project's requirements.txt says, by how gatewright itself came here."""

import pytest

from gatewright import __version__
from gatewright.scaffold.requirement import of

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("direct", "line", "needs_index"),
    [
        ({}, f"gatewright[local]=={__version__}", False),
        (
            {
                "url": "https://example.com/gatewright.git",
                "vcs_info": {"vcs": "git", "requested_revision": "main", "commit_id": COMMIT},
            },
            f"gatewright[local] @ git+https://example.com/gatewright.git@{COMMIT}",
            False,
        ),
        (
            {
                "url": "https://example.com/gatewright.whl",
                "archive_info": {"hash": "sha256=ab", "hashes": {"sha256": "ab"}},
            },
            "gatewright[local] @ https://example.com/gatewright.whl#sha256=ab",
            False,
        ),
        (
            {"url": "https://example.com/gatewright.whl", "archive_info": {}},
            "gatewright[local] @ https://example.com/gatewright.whl",
            False,
        ),
        (
            {"url": "file:///home/somebody/gatewright.whl", "archive_info": {}},
            f"gatewright[local]=={__version__}",
            True,
        ),
        (
            {"url": "file:///home/somebody/gatewright", "dir_info": {"editable": True}},
            f"gatewright[local]=={__version__}",
            True,
        ),
        (
            {"url": "file:///srv/g.git", "vcs_info": {"vcs": "git", "commit_id": COMMIT}},
            f"gatewright[local]=={__version__}",
            True,
        ),
    ],
)
def test_it_names_what_pip_was_given(direct, line, needs_index):
    assert of(direct) == (line, needs_index)
