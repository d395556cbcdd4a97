"""The JSON Schemas: where they are, and what they say of a value."""

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gatewright.errors import GatewrightError
from gatewright.model import JsonValue
from gatewright.spec.files import Kind, SpecFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema.exceptions import ValidationError

_PACKAGE = Path(__file__).resolve().parents[1]


@cache
def folder() -> Path:
    """The schemas' folder: the package's own, or the repository's for an editable install.

    Raises:
        GatewrightError: neither is there.

    """
    for candidate in (_PACKAGE / "schemas", _PACKAGE.parent / "schemas"):
        if candidate.is_dir():
            return candidate
    raise GatewrightError(
        "the JSON Schemas are missing from this installation",
        hint="install gatewright anew",
    )


def _file(name: str) -> str:
    return f"{name}.schema.json"


def name_of(file: SpecFile) -> str:
    """The name of the schema that editors are to use for a file."""
    return f"{file.kind.schema}-defaults" if file.is_defaults else file.kind.schema


def texts() -> dict[str, str]:
    """All schemas as they are shipped, by name."""
    end = _file("")
    return {
        path.name.removesuffix(end): path.read_text(encoding="utf-8")
        for path in sorted(folder().iterdir())
        if path.name.endswith(end)
    }


@cache
def schema(name: str) -> dict[str, Any]:
    """The schema of ``name``: ``gateway``, ``cache-policy`` or ``token``."""
    content: dict[str, Any] = json.loads((folder() / _file(name)).read_text(encoding="utf-8"))
    return content


def errors(kind: Kind, data: JsonValue) -> "Iterator[ValidationError]":
    """All that the schema of ``kind`` finds wrong with ``data``, each at its own field."""
    errors: Iterator[ValidationError] = validator(kind.schema).iter_errors(data)
    return errors


@cache
def validator(name: str) -> Any:
    """The validator of the schema of ``name``, a ``keywords.Validator``."""
    # Imported late: a tenth of a second, which only validating should cost.
    from gatewright.spec.keywords import Validator  # noqa: PLC0415  # see above

    return Validator(schema(name))
