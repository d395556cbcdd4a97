"""YAML node tree → plain values (JSON's), refusing what readers disagree about."""

import re
from typing import Any

import yaml

from gatewright.model import JsonValue
from gatewright.spec import scalars
from gatewright.spec.nodes import DEEPEST, PLAIN, QUOTED, too_deep
from gatewright.spec.problem import Problem, RefusedError
from gatewright.spec.rules import MOST_PER_FILE
from gatewright.spec.words import quoted

#: How many values aliases may repeat in one file: ample for shared message lists,
#: nothing for a file that doubles itself at each line.
MOST_REPEATED = 1_000

#: A number with commas between its thousands, and what follows such a comma.
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+")
_GROUP = re.compile(r"[0-9]{3}(?![0-9])")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Construction:
    """The values below a root node, and the problems met on the way.

    ``reported`` holds the ids of the nodes that have a problem: their values are
    guesses, about which nothing more should be said.
    """

    def __init__(self, root: yaml.Node | None, text: str) -> None:
        self.reported: set[int] = set()
        # A dict for its order: an aliased value has its problem once, not at each alias.
        self._problems: dict[Problem, None] = {}
        self._text = text
        self._met: set[int] = set()
        self._open: set[int] = set()
        self._repeated = 0
        self.value = self._construct(root, 0) if root else None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """In the order of the text; a few more than anybody is told of, at most."""
        return tuple(self._problems)

    def _construct(self, node: yaml.Node, depth: int) -> JsonValue:
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        repeated = id(node) in self._met
        self._check_collection(node, depth)
        self._met.add(id(node))
        self._open.add(id(node))
        value = (
            self._mapping(node, depth)
            if isinstance(node, yaml.MappingNode)
            else [self._construct(item, depth + 1) for item in node.value]
        )
        self._open.discard(id(node))
        if repeated:
            self._count(node)
        return value

    def _check_collection(self, node: yaml.Node, depth: int) -> None:
        if id(node) in self._open:
            raise RefusedError(
                _at(node, "yaml-alias", "this value contains an alias of itself", "write it out")
            )
        if depth >= DEEPEST:
            raise RefusedError(too_deep(node.start_mark.index))
        if node.tag is not PLAIN:
            self._report_tag(node)

    def _count(self, node: yaml.Node) -> None:
        self._repeated += 1 + len(node.value)
        if self._repeated > MOST_REPEATED:
            raise RefusedError(
                _at(
                    node,
                    "yaml-alias",
                    f"aliases of this value repeat more than {MOST_REPEATED} values",
                    "write out what is needed; no spec needs so many",
                )
            )

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, JsonValue]:
        result: dict[str, JsonValue] = {}
        first: dict[str, yaml.Node] = {}
        before: Any = None
        for key, item in node.value:
            if before and self._is_rest(before, key, item):
                continue
            before = item
            value = self._construct(item, depth + 1)
            name = self._key(key, node)
            if name is None:
                continue
            if name in first:
                self._report_duplicate(key, name, first[name])
            else:
                first[name] = key
                result[name] = value
        return result

    def _is_rest(self, before: Any, key: Any, item: yaml.Node) -> bool:
        """Whether ``key`` is the rest of a number, as in ``{limit: 100,000}``; it is reported."""
        start, end = before.start_mark.index, key.end_mark.index
        written = self._text[start:end]
        if item.start_mark.index != item.end_mark.index or not _GROUPED.fullmatch(written):
            return False
        if self._text.startswith(",", end) and _GROUP.match(self._text, end + 1):
            return True  # the next group says it
        number = written.replace(",", "")
        message = f"{quoted(written)} is several values here: a comma ends one"
        self._report_span(before, (start, end), message, f"write {quoted(number)}")
        return True

    def _key(self, node: yaml.Node, mapping: yaml.MappingNode) -> str | None:
        """The key's text, whatever it would mean as a value; None if it is none."""
        if not isinstance(node, yaml.ScalarNode):
            self._report(node, "yaml-key", "a key is a text, not a collection", "quote it")
            return None
        if node.tag is PLAIN and node.value == "<<":
            hint = "write the keys out, or share a cache policy by its name"
            self._report(node, "yaml-merge-key", "the merge key `<<` is not allowed", hint)
            # Which keys the mapping was meant to have nobody knows.
            self.reported.add(id(mapping))
            return None
        if node.tag is not PLAIN and node.tag is not QUOTED:
            self._report_tag(node)
        return str(node.value)

    def _scalar(self, node: yaml.ScalarNode) -> JsonValue:
        text: str = node.value
        if node.tag is PLAIN:
            scalar = scalars.plain(text)
            if scalar.rule:
                self._report(node, scalar.rule, scalar.message, scalar.hint)
            return scalar.value
        if node.tag is not QUOTED:
            self._report_tag(node)
        if not text.isascii() and _SURROGATE.search(text):
            hint = "write the character itself"
            self._report(node, "yaml-encoding", "half of a surrogate pair is no character", hint)
        return text

    def _report_tag(self, node: yaml.Node) -> None:
        hint = "remove it; quote a value that is to be a text"
        self._report(node, "yaml-tag", f"the tag {quoted(_short_tag(node))} is not allowed", hint)

    def _report_duplicate(self, key: yaml.Node, name: str, first: Any) -> None:
        if self._is_full():
            return
        line = self._text.count("\n", 0, first.start_mark.index) + 1
        message = f"the key {quoted(name)} is already on line {line}"
        self._report(key, "duplicate-key", message, "keep one of the two")

    def _report_span(self, node: yaml.Node, span: tuple[int, int], message: str, hint: str) -> None:
        self.reported.add(id(node))
        if not self._is_full():
            self._problems[Problem("yaml-number", *span, message, hint)] = None

    def _is_full(self) -> bool:
        return len(self._problems) > MOST_PER_FILE

    def _report(self, node: yaml.Node, rule: str, message: str, hint: str) -> None:
        self.reported.add(id(node))
        if not self._is_full():
            self._problems[_at(node, rule, message, hint)] = None


def _at(node: Any, rule: str, message: str, hint: str) -> Problem:
    return Problem(rule, node.start_mark.index, node.end_mark.index, message, hint)


def _short_tag(node: yaml.Node) -> str:
    return str(node.tag).replace("tag:yaml.org,2002:", "!!", 1)
