"""Is it there already? Each collection is listed once, as long as nothing is deleted from it."""

import asyncio

from gatewright.plugin.api import Api, Task
from gatewright.plugin.errors import NotFoundError, ProviderError
from gatewright.plugin.values import Properties
from gatewright.resources.kind import Kind, Row, rows


class Existing:
    """What the account had when it was first asked."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._listings: dict[str, asyncio.Task[list[Row]]] = {}

    async def refuse(self, kind: Kind, task: Task, inputs: Properties) -> bool:
        """Raise `ProviderError` if there is an object of that key; whether it is known."""
        try:
            found = await self._rows(kind, task, inputs)
        except NotFoundError:
            return True  # nor is what it would belong to
        except ProviderError:
            return False  # the create itself will say what is wrong
        if any(kind.matches(row, inputs) for row in found):
            raise exists(kind, inputs)
        return True

    def forget(self, kind: Kind, inputs: Properties) -> None:
        """Ask again the next time."""
        self._listings.pop(kind.collection(inputs), None)

    async def _rows(self, kind: Kind, task: Task, inputs: Properties) -> list[Row]:
        path = kind.collection(inputs)
        if path not in self._listings:
            listing = rows(self._api, task, kind, inputs)
            self._listings[path] = asyncio.ensure_future(listing)
        return await self._listings[path]


def exists(kind: Kind, inputs: Properties) -> ProviderError:
    """What is said of an object that no state knows."""
    names = kind.names(inputs)
    return ProviderError(
        f"{kind.noun} {names.label} exists in account {inputs['accountId']} but not in this "
        "stack: it was made by hand, kept by its gateway's `retain`, or made by an `up` that was "
        "cut off; it was left as it is. "
        f"hint: one `up` with `GATEWRIGHT_ADOPT={names.adopt}` in its environment takes it "
        "over as declared (several, with those of an earlier try: separated by commas); "
        "or delete it and `up` again"
    )
