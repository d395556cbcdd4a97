"""Make `docs/images/recording.svg` anew: commands run in a terminal of 80 columns, as they are.

    python docs/recording.py

The commands run in a copy of the shipped project, with the real engine; what they print is
what is drawn. Each command lights up at its time, then stays: a still picture shows them all.
"""

import contextlib
import os
import pty
import select
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path

import pyte

ROOT = Path(__file__).parents[1]
IMAGE = ROOT / "docs" / "images" / "recording.svg"

_COLUMNS, _ROWS = 80, 300
_SHIPPED = ("Pulumi.yaml", "__main__.py", "gateways", "plugin", "schemas", "workers")
_COMMANDS = (
    "gatewright validate",
    "sed -i s/cahce/cache/ gateways/support.yaml",
    "gatewright validate",
    "gatewright review",
    "gatewright deploy --local --yes --quiet",
    "gatewright smoke --local --quiet --only 'support/answer/*'",
)

# Pixels. Widths are set with `textLength`, so that any monospaced font fits.
_CHARACTER, _LINE, _MARGIN, _BAR = 8.4, 19, 18, 34
_SECONDS_EACH = 1.6
_COLOURS = {"red": "#ff8b8b", "green": "#7ee2a0", "brown": "#f2cc60", "brightblack": "#9aa4b2"}
_STYLE = """\
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  fill: #e6e9ef; white-space: pre; }
.b { font-weight: 700; }
.p { fill: #8ab4f8; }
g { animation: come 0.3s both; }
@keyframes come { from { opacity: 0.4; } }
@media (prefers-reduced-motion: reduce) { g { animation: none; } }
"""

Cell = tuple[str, str, bool]


@contextlib.contextmanager
def project() -> Iterator[Path]:
    """The shipped project in a repository, and in it an edit with a mistake."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shop"
        path.mkdir()
        for name in _SHIPPED:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, path / name)
            elif (ROOT / name).is_file():
                shutil.copy(ROOT / name, path / name)
        (path / ".gitignore").write_text("/.gatewright/\n")
        author = ("-c", "user.name=shop", "-c", "user.email=shop@example.com")
        for command in (
            ("init", "--quiet"),
            ("add", "."),
            (*author, "commit", "--message", "The shop"),
        ):
            subprocess.run(["git", *command], cwd=path, check=True, stdout=subprocess.DEVNULL)
        edit(path / "gateways/support.yaml", "cache: answers", "cahce: answers")
        edit(path / "gateways/support.yaml", "limit: 600", "limit: 60")
        yield path


def edit(path: Path, before: str, after: str) -> None:
    """Replace what must be there."""
    text = path.read_text()
    if before not in text:
        raise SystemExit(f"{path.name} has no `{before}`")
    path.write_text(text.replace(before, after, 1))


def recorded(command: str, folder: Path) -> list[list[Cell]]:
    """The screen after ``command``, line by line."""
    screen = pyte.Screen(_COLUMNS, _ROWS)
    stream = pyte.ByteStream(screen)
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "TERM": "xterm-256color",
        "COLUMNS": str(_COLUMNS),
    }
    environment.pop("NO_COLOR", None)
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        ["sh", "-c", command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    ) as process:
        os.close(theirs)
        for chunk in _chunks(ours):
            # pyte knows no dim text: it is shown in grey, as many terminals do.
            stream.feed(chunk.replace(b"\x1b[2m", b"\x1b[90m"))
    os.close(ours)
    print(f"{command}: exit code {process.returncode}")
    cells = [
        [
            (char.data, char.fg, char.bold)
            for char in (screen.buffer[row][column] for column in range(_COLUMNS))
        ]
        for row in range(screen.cursor.y + 1)
    ]
    while cells and all(data == " " for data, *_ in cells[-1]):
        cells.pop()
    return cells


def _chunks(terminal: int) -> Iterator[bytes]:
    """What is written to the terminal, until the last writer has closed it."""
    while True:
        select.select([terminal], [], [])
        try:
            chunk = os.read(terminal, 65536)
        except OSError:  # Linux says so when nobody has it open
            return
        if not chunk:
            return
        yield chunk


def drawn(parts: list[tuple[str, list[list[Cell]]]]) -> str:
    """The picture."""
    groups, row = [], 0
    for number, (command, lines) in enumerate(parts):
        texts = [_prompt(command, row)]
        texts += [text for i, line in enumerate(lines, row + 1) for text in _texts(line, i)]
        groups.append(
            f'<g style="animation-delay:{number * _SECONDS_EACH:.1f}s">{"".join(texts)}</g>'
        )
        row += len(lines) + 2
    width = _COLUMNS * _CHARACTER + 2 * _MARGIN
    height = _BAR + (row - 1) * _LINE + _MARGIN
    dots = "".join(
        f'<circle cx="{_MARGIN + 6 + 20 * i}" cy="18" r="6" fill="{colour}"/>'
        for i, colour in enumerate(("#ff5f57", "#febc2e", "#28c840"))
    )
    told = escape(", then ".join(dict.fromkeys(command for command, _ in parts)), quote=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" role="img" aria-label="A terminal: {told}">\n'
        f"<style>{_STYLE}</style>\n"
        f'<rect width="{width:g}" height="{height:g}" rx="9" fill="#161b26" stroke="#3a4356"/>\n'
        f"{dots}\n" + "\n".join(groups) + "\n</svg>\n"
    )


def _prompt(command: str, row: int) -> str:
    return _text("$ ", 0, row, "p") + _text(command, 2, row, "b")


def _texts(line: list[Cell], row: int) -> Iterator[str]:
    column = 0
    for (colour, is_bold), cells in groupby(line, key=lambda cell: cell[1:]):
        text = "".join(data for data, *_ in cells)
        if text.strip():
            indent = len(text) - len(text.lstrip())
            fill = _COLOURS.get(colour, "")
            yield _text(text.strip(), column + indent, row, "b" if is_bold else "", fill)
        column += len(text)


def _text(text: str, column: int, row: int, kind: str, fill: str = "") -> str:
    place = f'x="{_MARGIN + column * _CHARACTER:g}" y="{_BAR + row * _LINE + 14:g}"'
    width = f'textLength="{len(text) * _CHARACTER:g}" lengthAdjust="spacingAndGlyphs"'
    styled = (f' class="{kind}"' if kind else "") + (f' style="fill:{fill}"' if fill else "")
    return f"<text {place} {width}{styled}>{escape(text)}</text>"


if __name__ == "__main__":
    with project() as folder:
        parts = [(command, recorded(command, folder)) for command in _COMMANDS]
    IMAGE.write_text(drawn(parts), encoding="utf-8")
