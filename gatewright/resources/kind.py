"""What is particular to a kind of resource, and how its answers are read."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from gatewright.plugin.api import Api, Task
from gatewright.plugin.values import Properties

_MOST_PAGES = 1000
_PAGE_SIZE = 50

#: Rows of the API, objects of the API.
Row = dict[str, Any]


def _itself(value: Any) -> Any:
    return value


def _equal(one: Any, other: Any) -> bool:
    return bool(one == other)


@dataclass(frozen=True, slots=True)
class Field:
    """An input: its name on the wire, and what becomes of it.

    ``empty`` are the values that mean "not set", absence included. A field that is
    ``left_alone`` is not looked at unless the program sets it. One that is ``secret``
    may hold credentials, which an import reads before any program said so. ``decoded``
    makes an input of what the API answers; ``same`` compares two inputs.
    """

    wire: str
    replaces: bool = False
    required: bool = False
    empty: tuple[Any, ...] = (None,)
    left_alone: bool = False
    secret: bool = False
    decoded: Callable[[Any], Any] = _itself
    same: Callable[[Any, Any], bool] = _equal

    def agree(self, one: Any, other: Any) -> bool:
        """Whether two inputs, None where there is none, say the same."""
        return (one in self.empty and other in self.empty) or self.same(one, other)

    def read(self, known: Any, answer: Any, *, is_import: bool) -> Any:
        """The input after a read: as it is known where the answer says the same."""
        if known is None and self.left_alone and not is_import:
            return None
        found = None if answer is None else self.decoded(answer)
        return known if self.agree(known, found) else found


@dataclass(frozen=True, slots=True)
class Names:
    """How an object is called: for people, and in GATEWRIGHT_ADOPT."""

    label: str
    adopt: str


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: its inputs and its requests.

    ``parents`` are the inputs that are part of the path. ``key`` are those that tell one
    object from another below the same parents. ``outputs`` reads from an answer what
    only Cloudflare knows; ``computed`` are the names. Requests get the inputs they need,
    those of the path among them.
    """

    noun: str
    fields: Mapping[str, Field]
    parents: tuple[str, ...]
    key: tuple[str, ...]
    collection: Callable[[Properties], str]
    listed: Callable[[Mapping[str, Any]], list[Row]]
    names: Callable[[Properties], Names]
    create: Callable[[Properties], Row]
    update: Callable[[Api, Task, str, Properties, Properties], Awaitable[Row]]
    outputs: Callable[[Row], Properties]
    answered: Callable[[Row], Row] = dict
    readable: bool = True
    computed: tuple[str, ...] = ()

    @property
    def secrets(self) -> frozenset[str]:
        """The inputs that may hold credentials."""
        return frozenset(name for name, field in self.fields.items() if field.secret)

    def matches(self, row: Row, inputs: Properties) -> bool:
        """Whether a row of the list is the object of that key."""
        return all(row.get(self.fields[name].wire) == inputs.get(name) for name in self.key)

    def inputs(self, known: Properties, row: Row, *, is_import: bool = False) -> Properties:
        """The inputs after a read; what the API does not return stays as it is known.

        An import knows nothing yet: all that is answered is an input.
        """
        answer = self.answered(row)
        read = {
            name: field.read(known.get(name), answer[field.wire], is_import=is_import)
            if field.wire in answer
            else known.get(name)
            for name, field in self.fields.items()
        }
        parents = {name: known[name] for name in self.parents}
        return parents | {name: value for name, value in read.items() if value is not None}


async def rows(api: Api, task: Task, kind: Kind, inputs: Properties) -> list[Row]:
    """Every row of the collection: pages until an empty one."""
    found: list[Row] = []
    path = kind.collection(inputs)
    for page in range(1, _MOST_PAGES):
        answer = await api.envelope(task, "GET", f"{path}?page={page}&per_page={_PAGE_SIZE}")
        more = kind.listed(answer)
        if not more:
            break
        found += more
    return found


def result_rows(answer: Mapping[str, Any]) -> list[Row]:
    """The rows of most lists."""
    return [*(answer.get("result") or [])]


def segment(value: Any) -> str:
    """A value as one segment of a path."""
    return quote(str(value), safe="")


def account(inputs: Properties) -> str:
    """The path of the account's AI Gateway API."""
    return f"/accounts/{segment(inputs['accountId'])}/ai-gateway"


def gateway(inputs: Properties) -> str:
    """The path of a gateway."""
    return f"{account(inputs)}/gateways/{segment(inputs['gatewayId'])}"
