"""How pip gets this gatewright again, elsewhere."""

import json
from importlib import metadata
from typing import NamedTuple

from gatewright import __version__

NAME = "gatewright"
_WITH_EXTRA = f"{NAME}[local]"


class Requirement(NamedTuple):
    """A line of requirements.txt, and whether an index must have it: pip was given a file."""

    line: str
    needs_index: bool


def own() -> Requirement:
    """From where this one was installed, as pip noted it (PEP 610).

    https://packaging.python.org/en/latest/specifications/direct-url/
    """
    try:
        noted = metadata.distribution(NAME).read_text("direct_url.json")
    except metadata.PackageNotFoundError:
        noted = None
    return of(json.loads(noted) if noted else {})


def of(direct: dict[str, object]) -> Requirement:
    """For the content of a `direct_url.json`; empty if gatewright came from an index."""
    url = str(direct.get("url", ""))
    vcs, archive = direct.get("vcs_info"), direct.get("archive_info")
    if isinstance(vcs, dict) and not url.startswith("file:"):
        at = f"{vcs.get('vcs', 'git')}+{url}@{vcs.get('commit_id', '')}"
        return Requirement(f"{_WITH_EXTRA} @ {at}", needs_index=False)
    if isinstance(archive, dict) and url.startswith("https:"):
        return Requirement(f"{_WITH_EXTRA} @ {url}{_fragment(archive)}", needs_index=False)
    return Requirement(f"{_WITH_EXTRA}=={__version__}", needs_index=bool(url))


def _fragment(archive: dict[str, object]) -> str:
    """The checksum that pip saw, for pip to see again."""
    hashes = archive.get("hashes")
    sha256 = hashes.get("sha256") if isinstance(hashes, dict) else None
    return f"#sha256={sha256}" if sha256 else ""
