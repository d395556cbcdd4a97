"""A spec made from an object of the account."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from gatewright.adoption.dumper import Dumper

_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Made:
    """A spec: its folder below the project, its key, its fields in the order of the schema.

    ``adopt`` names the object, and what belongs to it, as GATEWRIGHT_ADOPT does.
    ``variables`` are the environment variables whose values the account does not tell.
    ``refused`` says why no spec can declare the object.
    """

    folder: str
    schema: str
    key: str
    fields: Mapping[str, Any]
    adopt: tuple[str, ...]
    variables: tuple[str, ...] = ()
    refused: str | None = None

    @property
    def stem(self) -> str:
        """A file name for it, without its extension."""
        return "".join(each if each.isalnum() or each in "-_." else "-" for each in self.key)

    @property
    def path(self) -> str:
        """Where it belongs, below the project."""
        return f"{self.folder}/{self.stem}.yaml"

    @property
    def text(self) -> str:
        """The spec as YAML, with the schema in its first line for editors."""
        up = "../" * (self.folder.count("/") + 1)
        first = f"# yaml-language-server: $schema={up}schemas/{self.schema}.schema.json\n"
        return first + yaml.dump(
            dict(self.fields),
            Dumper=Dumper,
            sort_keys=False,
            allow_unicode=True,
            width=_WIDTH,
            default_flow_style=False,
        )
