"""Text → YAML node tree, with the positions of all nodes, within bounds.

Composing is libyaml's work where PyYAML has it (many times faster), else pure
Python's; ``yaml_backend`` says which. Neither bounds the nesting, and libyaml ends the
process when its composer runs out of stack, so that is checked first.
"""

import re
from typing import Any

import yaml
from yaml.reader import Reader, ReaderError

from gatewright.spec.problem import Problem, RefusedError
from gatewright.spec.syntax import problem_of, unprintable

try:
    from yaml._yaml import CParser as _Parser

    #: `libyaml`, or `python`: many times slower.
    yaml_backend = "libyaml"
except ImportError:
    from yaml.composer import Composer
    from yaml.parser import Parser
    from yaml.scanner import Scanner

    class _Parser(Reader, Scanner, Parser, Composer):  # type: ignore[no-redef]
        """The same in pure Python."""

        def __init__(self, text: str) -> None:
            Reader.__init__(self, text)
            Scanner.__init__(self)
            Parser.__init__(self)
            Composer.__init__(self)

    yaml_backend = "python"

DEEPEST = 100
#: Below these a text cannot be nested deeper than DEEPEST, for each level of
#: nesting costs a bracket or a column of indentation.
_FEW_BRACKETS = 64
_DEEP_INDENTATION = re.compile(r"[ \t?:-]{32}")
_DIRECTIVE = re.compile(r"^%.*", re.MULTILINE)

#: The tags of scalars and collections written without one.
PLAIN = object()
QUOTED = object()


class _Composer(_Parser):
    """Leaves the meaning of scalars to us: it only tells plain from quoted."""

    def resolve(self, kind: type[yaml.Node], value: str | None, implicit: Any) -> object:
        del kind, value
        return PLAIN if implicit is True or (implicit and implicit[0]) else QUOTED

    def descend_resolver(self, current_node: yaml.Node | None, current_index: Any) -> None:
        """PyYAML's resolvers by path: not used."""

    def ascend_resolver(self) -> None:
        """PyYAML's resolvers by path: not used."""


def compose(text: str) -> yaml.Node | None:
    """The root of the one document in ``text``; None if there is none.

    Raises:
        RefusedError: the text is not YAML, or more of it than is good.

    """
    _refuse_directives(text)
    try:
        if _may_be_deep(text):
            _refuse_depth(text)
        root: yaml.Node | None = _Composer(text).get_single_node()
    except ReaderError as error:
        raise RefusedError(unprintable(text)) from error
    except yaml.MarkedYAMLError as error:
        raise RefusedError(problem_of(error, text)) from error
    return root


def _refuse_directives(text: str) -> None:
    # Also for speed: a parser's work grows with the square of their number.
    directive = _DIRECTIVE.search(text)
    if directive:
        raise RefusedError(
            Problem(
                "yaml-directive",
                *directive.span(),
                "a line cannot start with `%`",
                "remove it: a spec needs no YAML directives",
            )
        )


def _may_be_deep(text: str) -> bool:
    brackets = text.count("[") + text.count("{")
    return brackets > _FEW_BRACKETS or _DEEP_INDENTATION.search(text) is not None


def _refuse_depth(text: str) -> None:
    parser: Any = _Composer(text)
    depth = 0
    while parser.check_event():
        event = parser.get_event()
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise RefusedError(too_deep(event.start_mark.index))


def too_deep(index: int) -> Problem:
    """What is said of a value nested too deep that starts at ``index``."""
    return Problem(
        "yaml-depth",
        index,
        index + 1,
        f"values are nested deeper than {DEEPEST} levels",
        "no spec needs that: flatten it",
    )
