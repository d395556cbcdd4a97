"""YAML as our specs are written: short mappings and lists in a line, strings that stay strings."""

from typing import Any

import yaml

_LONGEST_LINE = 80
#: These open a section, each entry on lines of its own.
_SECTIONS = frozenset({"endpoints", "routes", "steps", "provider_configs", "rules", "policies"})


class Dumper(yaml.SafeDumper):
    """A dumper for plain values."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002, ARG002  # the base class's signature
        """Indent the items of a list below its key."""
        return super().increase_indent(flow, False)

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> Any:  # noqa: FBT001  # the base class's signature
        """Decide the style by the length."""
        node = super().represent_mapping(tag, mapping, flow_style)
        node.flow_style = not (_SECTIONS & mapping.keys()) and _is_short(mapping)
        return node

    def represent_sequence(self, tag: str, sequence: Any, flow_style: bool | None = None) -> Any:  # noqa: FBT001  # the base class's signature
        """Decide the style by the length."""
        node = super().represent_sequence(tag, sequence, flow_style)
        node.flow_style = _is_short(sequence)
        return node

    def ignore_aliases(self, data: Any) -> bool:
        """Nothing is said by reference."""
        del data
        return True


def _text(dumper: Dumper, text: str) -> yaml.ScalarNode:
    """PyYAML knows YAML 1.1, and leaves without quotes what is a number in YAML 1.2."""
    style = None if text[:1].isalpha() else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


Dumper.add_representer(str, _text)


def _is_short(value: Any) -> bool:
    return len(str(value)) <= _LONGEST_LINE
