"""`gatewright schema`."""

import json
from pathlib import Path

import click

from gatewright.cli import candidates, console
from gatewright.cli.verbs import context_settings
from gatewright.errors import CouldNotRunError, UsageError
from gatewright.smoke.report.as_json import schema as smoke_report
from gatewright.spec import schemas
from gatewright.spec.words import did_you_mean


@click.command(context_settings=context_settings())
@click.argument("name", required=False, shell_complete=candidates.schemas)
@click.option("--list", "is_list", is_flag=True, help="The names, each with what it describes.")
@click.option(
    "--write",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write them all, as `NAME.schema.json`, into a folder.",
)
def command(*, name: str | None, is_list: bool, write: Path | None) -> None:
    r"""Print a JSON Schema (draft 2020-12): of a kind of spec, of settings, of a report.

    Editors find a schema by the first line of a spec, relative to it: write the
    schemas into your project once, and again after an update of gatewright. Each
    stands alone, and its `$id` is its file's name: they are published nowhere else.

    \b
    Examples:
      gatewright schema --list
      gatewright schema gateway
      gatewright schema --write schemas
    """
    if [name is not None, is_list, write is not None].count(True) != 1:
        raise UsageError("say one of NAME, `--list` and `--write FOLDER`")
    texts = {**schemas.texts(), "smoke-report": _smoke_report()}
    if write:
        _write(texts, write)
    elif name is None:
        console.out(_listed(texts))
    elif name in texts:
        console.out(texts[name])
    else:
        hint = did_you_mean(name, texts) or "`gatewright schema --list` shows them"
        raise UsageError(f"there is no schema `{name}`", hint=hint)


def _smoke_report() -> str:
    return json.dumps(smoke_report(), indent=2, ensure_ascii=False) + "\n"


def _listed(texts: dict[str, str]) -> str:
    widest = max(map(len, texts))
    said = {name: json.loads(text)["description"] for name, text in texts.items()}
    return "\n".join(f"{name:{widest}}  {said[name]}" for name in sorted(said))


def _write(texts: dict[str, str], folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            path = folder / f"{name}.schema.json"
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise CouldNotRunError(f"cannot write `{error.filename}`: {error.strerror}") from error
    console.say(f"wrote {len(texts)} schemas to {folder}")
