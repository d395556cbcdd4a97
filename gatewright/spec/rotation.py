"""A token's next generation, written into its spec; nothing else in the file changes."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gatewright.errors import CouldNotRunError, FindingsError, UsageError
from gatewright.spec import document, files, layers, layout, reading, schemas
from gatewright.spec.document import Document, Spec
from gatewright.spec.files import TOKEN, SpecFile
from gatewright.spec.layout.guide import Guide
from gatewright.spec.layout.project import Outcome, State, write
from gatewright.spec.layout.tree import Collection, Entry, Scalar, parsed
from gatewright.spec.project import get, identity
from gatewright.spec.words import did_you_mean, quoted

_FIELD = "generation"


@dataclass(frozen=True, slots=True)
class Rotation:
    """What was written; ``stacks`` are those that have a generation of their own."""

    file: str
    before: int
    after: int
    expires: str | None
    stacks: tuple[str, ...]


def rotate(root: Path, name: str) -> Rotation:
    """Count the generation of the token ``name`` up by one, in its file.

    Raises:
        UsageError: no spec of the project declares such a token.
        FindingsError: its spec is no sound YAML.
        CouldNotRunError: its file cannot be edited without changing something else.

    """
    project = reading.read(root)
    declaring = _declaring(project.documents, name)
    if declaring.spec is None:
        raise TypeError(declaring.file.name)
    defaults = project.defaults_of(TOKEN)
    merged = layers.merged(declaring.spec, defaults, None)
    before = get(merged, _FIELD) or 1
    expires = get(merged, "expires")
    if type(before) is not int or not isinstance(declaring.spec.data, dict):
        raise FindingsError(f"{declaring.file.name}: {quoted(_FIELD)} is no whole number")
    _write(declaring.file, before + 1)
    return Rotation(
        declaring.file.name,
        before,
        before + 1,
        expires if isinstance(expires, str) else None,
        _with_their_own(declaring.spec, defaults),
    )


def _declaring(documents: tuple[Document, ...], name: str) -> Document:
    tokens = [each for each in documents if each.file.kind is TOKEN and each.spec]
    names = [str(each.spec and identity(each.spec)) for each in tokens]
    for declared, each in zip(names, tokens, strict=True):
        if declared == name:
            if list(each.findings()):
                raise FindingsError(f"{each.file.name} is no sound YAML: `gatewright validate`")
            return each
    raise UsageError(
        f"no spec declares a token {quoted(name)}",
        hint=did_you_mean(name, names)
        or f"declared are {', '.join(map(quoted, sorted(names))) or 'none'}",
    )


def _with_their_own(spec: Spec, defaults: Spec | None) -> tuple[str, ...]:
    found = {
        stack
        for each in (spec, defaults)
        if each
        for stack in layers.stack_names(each)
        if get(each, layers.STACKS, stack, _FIELD) is not None
    }
    return tuple(sorted(found))


def _write(file: SpecFile, value: int) -> None:
    content = files.read(file)
    if not isinstance(content, bytes):
        raise CouldNotRunError(content.message)
    file = file._replace(content=content)
    text = document.decoded(content)
    made = _edited(text, value, Guide.of(schemas.schema(TOKEN.schema)))
    before, after = _data(file), _data(file._replace(content=made.encode()))
    if before is None or after != before | {_FIELD: value}:
        raise CouldNotRunError(
            f"{quoted(file.name)} cannot be edited without changing something else",
            hint=f"write `{_FIELD}: {value}` into it yourself",
        )
    written = made.replace("\n", "\r\n") if b"\r\n" in content else made
    mark = "\ufeff" if content.startswith(b"\xef\xbb\xbf") else ""
    write(Outcome(file, State.CHANGED, content, mark + written))


def _data(file: SpecFile) -> dict[str, Any] | None:
    loaded = document.load(file)
    is_sound = loaded.spec is not None and not list(loaded.findings())
    return loaded.spec.data if is_sound and isinstance(loaded.spec.data, dict) else None  # type: ignore[union-attr]  # sound ones have a spec


def _edited(text: str, value: int, guide: Guide) -> str:
    """In place of the number that is there, else where ``fmt`` puts it in a file in its form."""
    root = parsed(text)
    if not isinstance(root, Collection) or not root.is_mapping:
        return text
    if entry := _entry(root):
        written = entry.value
        source = len(written.source) if isinstance(written, Scalar) else written.end - written.start
        return f"{text[: written.end - source]}{value}{text[written.end :]}"
    if root.is_flow:
        inside = text[: root.end - 1].rstrip()
        comma = "" if inside.endswith(",") else ", "
        return f'{inside}{comma}"{_FIELD}": {value}{text[len(inside) :]}'
    appended = f"{text.rstrip()}\n{_FIELD}: {value}\n"
    is_in_form = layout.formatted(text, guide) == text
    return layout.formatted(appended, guide) if is_in_form else appended


def _entry(root: Collection) -> Entry | None:
    for each in root.entries:
        if isinstance(each.key, Scalar) and each.key.value == _FIELD:
            return each
    return None
