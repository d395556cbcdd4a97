"""What the site needs beside mkdocs: pages from the root, links that leave the documentation."""

import re
from pathlib import Path, PurePosixPath
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[2]
#: Pages that code hosts want in the root of a repository.
PROJECT_PAGES = {
    "CONTRIBUTING.md": "project/contributing.md",
    "SECURITY.md": "project/security.md",
    "CHANGELOG.md": "project/changelog.md",
}
DECISIONS = "adr/*.md"
_LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
_FENCE = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)


def on_config(config: Any) -> None:
    """Name the decisions, which only ever become more."""
    config.nav = _with_decisions(config.nav)


def _with_decisions(nav: Any) -> Any:
    if isinstance(nav, list):
        return [_with_decisions(each) for each in nav]
    if isinstance(nav, dict):
        return {title: _with_decisions(each) for title, each in nav.items()}
    if nav == DECISIONS:
        docs = ROOT / "docs"
        return [path.relative_to(docs).as_posix() for path in sorted(docs.glob(DECISIONS))]
    return nav


def on_files(files: Files, config: Any) -> Files:
    """Add the pages of the root."""
    for name, place in PROJECT_PAGES.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        files.append(File.generated(config, place, content=text))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Turn links that are right in the repository into ones that are right on the site."""
    home = {place: name for name, place in PROJECT_PAGES.items()}.get(page.file.src_uri)
    folder = PurePosixPath("." if home else f"docs/{page.file.src_uri}").parent
    if home:
        folder = PurePosixPath()
    # What is in a block of code is no link.
    parts = _FENCE.split(markdown)
    depth = page.file.src_uri.count("/")
    return "".join(
        part if part.startswith("```") else _LINK.sub(lambda m: _link(m, folder, depth), part)
        for part in parts
    )


def _link(match: re.Match[str], folder: PurePosixPath, depth: int) -> str:
    """The link, the same to a page of the site, or only its text where it leaves the site."""
    mark, text, target = match.groups()
    path, hash_, anchor = target.partition("#")
    if not path or "://" in path or path.startswith("mailto:"):
        return match[0]
    place = _normal(folder / path)
    up = "../" * depth
    if place in PROJECT_PAGES:
        return f"{mark}[{text}]({up}{PROJECT_PAGES[place]}{hash_}{anchor})"
    if place.startswith("docs/"):
        return f"{mark}[{text}]({up}{place.removeprefix('docs/')}{hash_}{anchor})"
    if not (ROOT / place).exists():
        return match[0]  # mkdocs complains of it
    return text


def _normal(path: PurePosixPath) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == ".." and parts:
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
