"""The JSON Schemas: where they are, and what they say of a value."""

import json
import os
from functools import cache
from typing import TYPE_CHECKING, Any

from gatewright.errors import GatewrightError
from gatewright.model import Finding, JsonValue
from gatewright.spec import verdict
from gatewright.spec.document import Spec
from gatewright.spec.files import Kind, SpecFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jsonschema.exceptions import ValidationError

_ENDING = ".schema.json"
_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


@cache
def folder() -> str:
    """The schemas' folder: the package's own, or the repository's for an editable install.

    Raises:
        GatewrightError: neither is there.

    """
    for parent in (_PACKAGE, os.path.dirname(_PACKAGE)):
        candidate = os.path.join(parent, "schemas")
        if os.path.isdir(candidate):
            return candidate
    raise GatewrightError(
        "the JSON Schemas are missing from this installation",
        hint="install gatewright anew",
    )


def name_of(file: SpecFile) -> str:
    """The name of the schema that editors are to use for a file."""
    return f"{file.kind.schema}-defaults" if file.is_defaults else file.kind.schema


def texts() -> dict[str, str]:
    """All schemas as they are shipped, by name."""
    files = sorted(each for each in os.listdir(folder()) if each.endswith(_ENDING))
    return {name: _text(name) for name in (each.removesuffix(_ENDING) for each in files)}


def _text(name: str) -> str:
    with open(os.path.join(folder(), name + _ENDING), encoding="utf-8") as file:
        return file.read()


@cache
def schema(name: str) -> dict[str, Any]:
    """The schema of ``name``: ``gateway``, ``cache-policy`` or ``token``."""
    content: dict[str, Any] = json.loads(_text(name))
    return content


def sound(kind: Kind, names: "Iterable[str]") -> list[str]:
    """Those of ``names`` that can be the key of a ``kind``: a refused one is no suggestion."""
    key = schema(kind.schema)["properties"][kind.key]
    check = verdict.of(key)
    return sorted(name for name in names if check(name))


def findings(spec: Spec) -> "Iterable[Finding]":
    """All that the schema finds wrong with ``spec``, explained."""
    if fits(spec.kind, spec.data):
        return ()
    from gatewright.spec import explain  # noqa: PLC0415  # most specs fit

    return explain.findings(spec)


def fits(kind: Kind, data: JsonValue) -> bool:
    """Whether the schema of ``kind`` certainly finds nothing wrong with ``data``."""
    return _verdict(kind.schema)(data)


def fits_as_defaults(kind: Kind, data: JsonValue) -> bool:
    """Whether ``data`` is certainly right as what the specs of ``kind`` share."""
    return _verdict(f"{kind.schema}-defaults")(data)


@cache
def _verdict(name: str) -> verdict.Check:
    return verdict.of(schema(name))


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
