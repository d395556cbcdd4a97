"""Custom providers of the account, called as ``custom-{slug}`` through any gateway.

Fidelity, differs: ``enable`` has no effect here; what it does to calls is not documented. The
``base_url`` is never reached: an upstream on this machine is, or a canned answer.
"""

import re
import secrets
from dataclasses import dataclass
from http import HTTPStatus

from starlette.responses import Response

from gatewright.emulator.clock import Clock
from gatewright.emulator.control.answer import Many, One
from gatewright.emulator.control.body import INVALID, PAGE, page_in, paged
from gatewright.emulator.control.json_schema import Schema
from gatewright.emulator.control.route import WRITERS, Call, Route, Shapes, routes_of
from gatewright.emulator.control.schema import Bool, Field, Issue, Number, Path, Struct, Text
from gatewright.emulator.envelope import ApiError, refused, success
from gatewright.emulator.store import Document, Store
from gatewright.emulator.traffic.memory import Memory
from gatewright.emulator.web import JSON, parse_json

_ALL = "/accounts/{account_id}/ai-gateway/custom-providers"
_ONE = f"{_ALL}/{{provider_id}}"


@dataclass(frozen=True, slots=True)
class _Like:
    """A text of a form."""

    pattern: str
    message: str

    def read(self, value: object, path: Path, issues: list[Issue]) -> object:
        """See `Kind`."""
        Text(1).read(value, path, issues)
        if isinstance(value, str) and value and not re.fullmatch(self.pattern, value):
            issues.append((path, self.message))
        return value

    def schema(self) -> Schema:
        """See `Described`."""
        return {"type": "string", "pattern": self.pattern}


class _Headers:
    """Extra headers for the provider: JSON text of an object of texts."""

    def read(self, value: object, path: Path, issues: list[Issue]) -> object:
        """See `Kind`."""
        Text().read(value, path, issues)
        if isinstance(value, str) and not _is_headers(value):
            issues.append((path, "Invalid headers: must be a JSON object of strings"))
        return value

    def schema(self) -> Schema:
        """See `Described`."""
        return {"type": "string", "contentMediaType": JSON}


def _is_headers(text: str) -> bool:
    try:
        headers = parse_json(text.encode("utf-8"))
    except ValueError:
        return False
    return isinstance(headers, dict) and all(isinstance(one, str) for one in headers.values())


_URL = _Like(r"^https://[^/\s]\S*$", "Invalid url: must be an https URL")
#: Fidelity: which characters a slug may have is not documented; it is part of a path.
_SLUG = _Like(r"^[A-Za-z0-9][A-Za-z0-9_-]*$", "Invalid slug: letters, digits, - and _")


_OPTIONAL = (
    Field("beta", Bool()),
    Field("curl_example", Text()),
    Field("description", Text()),
    Field("enable", Bool(), default=False),
    Field("headers", _Headers()),
    Field("js_example", Text()),
    Field("link", Text()),
    Field("position", Number()),
)

_CREATE = Struct(
    Field("name", Text(1), required=True),
    Field("slug", _SLUG, required=True),
    Field("base_url", _URL, required=True),
    *_OPTIONAL,
)

_CHANGE = Struct(
    Field("name", Text(1)),
    Field("slug", _SLUG),
    Field("base_url", _URL),
    # Fidelity: that `null` takes a field away is our reading.
    *(Field(field.name, field.kind, nullable=field.default is None) for field in _OPTIONAL),
)


_PROVIDER = Struct(
    Field("id", Text(), required=True),
    Field("created_at", Text(form="date-time"), required=True),
    Field("modified_at", Text(form="date-time"), required=True),
    Field("name", Text(), required=True),
    Field("slug", Text(), required=True),
    Field("base_url", Text(), required=True),
    *(Field(field.name, field.kind) for field in _OPTIONAL),
)

_QUERY = (*PAGE, Field("search", Text()), Field("enable", Bool()), Field("beta", Bool()))
_SHAPES = Shapes(_QUERY, Many(_PROVIDER), _CREATE, One(_PROVIDER), One(_PROVIDER))


class CustomProviders:
    """The endpoints below ``ai-gateway/custom-providers``."""

    def __init__(self, store: Store, memory: Memory, clock: Clock) -> None:
        self._store = store
        self._memory = memory
        self._clock = clock

    def routes(self) -> tuple[Route, ...]:
        """Method, path, handler and permissions of each."""
        return (
            *routes_of(self, _ALL, _ONE, _SHAPES),
            Route("PATCH", _ONE, self.change, WRITERS, body=_CHANGE, answer=One(_PROVIDER)),
        )

    async def list_page(self, call: Call) -> Response:
        """A page, oldest first; ``search`` is part of a name or slug."""
        query = call.query()
        search = query.get("search", "").lower()
        found = [
            one
            for one in self._store.custom_providers
            if search in one["name"].lower() or search in one["slug"].lower()
        ]
        for name in ("enable", "beta"):
            if name in query:
                found = [one for one in found if bool(one.get(name)) is query[name]]
        return paged(found, len(found), page_in(query))

    async def create(self, call: Call) -> Response:
        """A new one; a slug is taken once."""
        body = await call.body()
        self._require_free(body["slug"])
        now = self._clock.timestamp()
        return self._keep({"id": secrets.token_hex(16), "created_at": now}, body, now)

    async def get(self, call: Call) -> Response:
        """One of them."""
        return success(self._provider(call))

    async def change(self, call: Call) -> Response:
        """What is sent is changed, the rest stays; kept answers are forgotten."""
        provider = self._provider(call)
        body = await call.body()
        if body.get("slug", provider["slug"]) != provider["slug"]:
            self._require_free(body["slug"])
        # Its answers may be in any gateway's cache.
        self._memory.cache.clear()
        return self._keep(provider, body, self._clock.timestamp())

    async def delete(self, call: Call) -> Response:
        """Forget it; the answer is the object as it was."""
        provider = self._provider(call)
        self._store.custom_providers.remove(provider["id"])
        self._memory.cache.clear()
        return success(provider)

    def _provider(self, call: Call) -> Document:
        provider = self._store.custom_providers.get(call.parameters["provider_id"])
        if provider is None:
            raise refused(HTTPStatus.NOT_FOUND, 7002, "Custom provider not found")
        return provider

    def _require_free(self, slug: str) -> None:
        if any(one["slug"] == slug for one in self._store.custom_providers):
            raise _exists()

    def _keep(self, head: Document, body: Document, now: str) -> Response:
        told = head | body | {"modified_at": now}
        kept = {name: value for name, value in told.items() if value is not None}
        self._store.custom_providers.put(kept["id"], kept)
        return success(kept)


def _exists() -> ApiError:
    return refused(HTTPStatus.BAD_REQUEST, INVALID, "A provider with that slug already exists")
