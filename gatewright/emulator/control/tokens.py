"""API tokens, the account's and the user's, and the permission groups they are made of.

Fidelity: this API belongs to another service than AI Gateway's; sources give its
codes only in part. A refused body answers 1001 here, with the same paths.
"""

import secrets
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from starlette.responses import Response

from gatewright.emulator.clock import Clock
from gatewright.emulator.control import token_fields as fields
from gatewright.emulator.control.answer import Many, One
from gatewright.emulator.control.body import PAGE, page_in, paged, read_body
from gatewright.emulator.control.route import Call, Route
from gatewright.emulator.control.schema import Array, Bool, Enum, Field, Text
from gatewright.emulator.envelope import ApiError, Fault, refused, success
from gatewright.emulator.identity import Owner, Token, digest, new_value, seconds
from gatewright.emulator.permissions import (
    BY_ID,
    GROUPS,
    TOKENS_READ,
    TOKENS_WRITE,
    USER_TOKENS_READ,
    USER_TOKENS_WRITE,
)
from gatewright.emulator.settings import Settings
from gatewright.emulator.store import Document, Store

_PATHS = {Owner.ACCOUNT: "/accounts/{account_id}/tokens", Owner.USER: "/user/tokens"}
_WRITES = {Owner.ACCOUNT: TOKENS_WRITE, Owner.USER: USER_TOKENS_WRITE}
_READS = {Owner.ACCOUNT: TOKENS_READ, Owner.USER: USER_TOKENS_READ}
_INVALID = 1001
_LISTED = (
    *PAGE,
    Field("direction", Enum("asc", "desc")),
    Field("include_expired", Bool(), default=False),
)
_GROUPS_BY = (Field("name", Text()), Field("scope", Text()))
_GROUPS = One(Array(fields.GROUP))
_VERIFIED = One(fields.VERIFIED)
_VALID_MESSAGE = {"code": 10000, "message": "This API Token is valid and active", "type": None}


class Tokens:
    """The endpoints below ``tokens``, of one kind of owner."""

    def __init__(self, store: Store, settings: Settings, clock: Clock, owner: Owner) -> None:
        self._owner = owner
        self._store = store
        self._account_id = settings.account
        self._clock = clock

    def routes(self) -> tuple[Route, ...]:
        """Method, path, handler and permissions of each."""
        path = _PATHS[self._owner]
        write = frozenset({_WRITES[self._owner]})
        read = write | {_READS[self._owner]}
        one, groups = f"{path}/{{id}}", f"{path}/permission_groups"
        token, created = One(fields.TOKEN), One(fields.CREATED)
        route = partial(Route, code=_INVALID)
        return (
            route("GET", path, self.list_page, read, query=_LISTED, answer=Many(fields.TOKEN)),
            route("POST", path, self.create, write, body=fields.CREATE, answer=created),
            route("GET", f"{path}/verify", self.verify, inspects=True, answer=_VERIFIED),
            route("GET", groups, self.permission_groups, read, query=_GROUPS_BY, answer=_GROUPS),
            route("GET", one, self.get, read, answer=token),
            route("PUT", one, self.replace, write, body=fields.REPLACE, answer=token),
            route("DELETE", one, self.delete, write, answer=One(fields.DELETED)),
            route("PUT", f"{one}/value", self.roll, write, answer=One(Text())),
        )

    async def list_page(self, call: Call) -> Response:
        """A page of tokens, without their values, oldest first unless ``direction=desc``.

        Those that have expired are left out unless asked for.
        """
        query = call.query()
        own = (token for token in self._store.tokens if token.owner is self._owner)
        documents = [self._document(token) for token in own]
        if not query["include_expired"]:
            documents = [one for one in documents if one["status"] != "expired"]
        if query.get("direction") == "desc":
            documents.reverse()
        return paged(documents, len(documents), page_in(query))

    async def create(self, call: Call) -> Response:
        """A new token: the only answer that shows its value.

        Fidelity, differs: Cloudflare lets some creators grant only what they hold themselves;
        here any permission can be granted.
        """
        body = await call.body()
        self._require_future(body)
        now = self._clock.timestamp()
        value = new_value(self._owner)
        created = {"id": secrets.token_hex(16), "status": "active", "issued_on": now}
        token = self._keep(created, body, digest(value), now)
        return success(self._document(token) | {"value": value})

    async def verify(self, call: Call) -> Response:
        """What the token that asks is worth; each kind is verified at its own path.

        Fidelity: what Cloudflare answers to a token of the other kind is not documented;
        clients need the code in ``errors``.
        """
        token = call.token
        if token.owner is not self._owner:
            raise refused(HTTPStatus.UNAUTHORIZED, 1000, "Invalid API Token")
        now = self._clock.now()
        status = token.status(now)
        times = {
            name: token.document[name]
            for name in ("expires_on", "not_before")
            if name in token.document
        }
        messages = [_VALID_MESSAGE] if token.valid(now) else []
        return success({"id": token.id, "status": status} | times, messages=messages)

    async def permission_groups(self, call: Call) -> Response:
        """The groups, in one page, by ``name`` and ``scope``.

        The documentation asks for an encoded name, and the official provider encodes
        it once more, so it is decoded twice.

        Fidelity: whether ``name`` must match whole or in part is not documented. In
        part here: who takes the first of several gets a wrong one.
        """
        query = call.query()
        name = unquote(query.get("name", "")).lower()
        scope = unquote(query.get("scope", ""))
        found = [
            group.document()
            for group in GROUPS
            if name in group.name.lower() and scope in {"", group.scope}
        ]
        return success(found)

    async def get(self, call: Call) -> Response:
        """One token, without its value."""
        return success(self._document(self._token(call)))

    async def replace(self, call: Call) -> Response:
        """The whole object anew; its value stays."""
        token = self._token(call)
        body = await call.body()
        self._require_future(body)
        document = token.document
        created = {name: document[name] for name in ("id", "status", "issued_on")}
        token = self._keep(created, body, token.digest, self._clock.timestamp())
        return success(self._document(token))

    async def delete(self, call: Call) -> Response:
        """Forget a token; its value opens nothing any more."""
        token = self._token(call)
        self._store.tokens.remove(token.id)
        return success({"id": token.id})

    async def roll(self, call: Call) -> Response:
        """A new value, shown once; the old one opens nothing any more."""
        token = self._token(call)
        if await call.request.body():
            await read_body(call.request, fields.ROLL, _INVALID)
        value = new_value(self._owner)
        document = token.document | {"modified_on": self._clock.timestamp()}
        rolled = Token.from_document(document, digest(value), self._account_id, self._owner)
        self._store.tokens.put(token.id, rolled)
        return success(value)

    def _token(self, call: Call) -> Token:
        token = self._store.tokens.get(call.parameters["id"])
        if token is None or token.owner is not self._owner:
            raise refused(HTTPStatus.NOT_FOUND, 1003, "Token not found")
        return token

    def _keep(self, created: Document, body: Document, digest: str, now: str) -> Token:
        given = {name: value for name, value in body.items() if value is not None}
        policies = [_with_names(policy) for policy in body["policies"]]
        document = created | given | {"policies": policies, "modified_on": now}
        token = Token.from_document(document, digest, self._account_id, self._owner)
        self._store.tokens.put(token.id, token)
        return token

    def _document(self, token: Token) -> Document:
        return token.document | {"status": token.status(self._clock.now())}

    def _require_future(self, body: Document) -> None:
        expires, not_before = seconds(body.get("expires_on")), seconds(body.get("not_before"))
        if expires is None:
            return
        if expires <= self._clock.now():
            raise _refused_time("must be in the future")
        if not_before is not None and not_before >= expires:
            raise _refused_time("must be after not_before")


def _with_names(policy: dict[str, Any]) -> dict[str, Any]:
    groups = [
        {"id": group["id"], "name": BY_ID[group["id"]].name}
        for group in policy["permission_groups"]
    ]
    return {"id": secrets.token_hex(16)} | policy | {"permission_groups": groups}


def _refused_time(reason: str) -> ApiError:
    fault = Fault(_INVALID, f"expires_on {reason}", ("body", "expires_on"))
    return ApiError(HTTPStatus.BAD_REQUEST, [fault])
