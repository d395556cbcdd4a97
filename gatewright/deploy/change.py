"""What the engine does to one object, read from its events."""

from dataclasses import dataclass
from enum import StrEnum

from gatewright.deploy.detail import Property, properties, spelled
from gatewright.model import nested
from gatewright.stack import Event

#: What people call the resources of these types; any other has the last part of its type.
_KINDS = {
    "cloudflare:index/aiGateway:AiGateway": "gateway",
    "cloudflare:index/accountToken:AccountToken": "token",
    "cloudflare:index/apiToken:ApiToken": "user token",
    "gatewright:index:DynamicRoute": "route",
    "gatewright:index:ProviderConfig": "provider key",
    "gatewright:index:CustomProvider": "custom provider",
    "cloudflare:index/workersScript:WorkersScript": "worker",
    "cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain": "worker subdomain",
}
#: Those that are tokens.
TOKENS = frozenset({"token", "user token"})
_PROVIDERS = "pulumi:providers:"


class Operation(StrEnum):
    """What happens to an object; a released one stays where it is and leaves the state."""

    SAME = "same"
    CREATE = "create"
    ADOPT = "adopt"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    RELEASE = "release"

    @property
    def is_destructive(self) -> bool:
        """Whether what is there now is lost."""
        return self in {Operation.REPLACE, Operation.DELETE}


#: The engine's steps; those of a replacement are three that tell of one and the same.
_OPERATIONS = {
    "same": Operation.SAME,
    "create": Operation.CREATE,
    "import": Operation.ADOPT,
    "update": Operation.UPDATE,
    "replace": Operation.REPLACE,
    "create-replacement": Operation.REPLACE,
    "delete": Operation.DELETE,
}


@dataclass(frozen=True, slots=True)
class Change:
    """One object and what happens to it; ``fields`` by the API's names, for an update.

    ``properties`` has the values of those fields, as far as the engine tells them.
    ``nulls`` are the places inside its objects that the plugin would send as null.
    """

    operation: Operation
    kind: str
    key: str
    fields: tuple[str, ...] = ()
    properties: tuple[Property, ...] = ()
    nulls: tuple[str, ...] = ()


def of_event(event: Event, name: str) -> Change | None:
    """The change that an event of this name tells of; None for components and providers."""
    metadata = event.get(name, {}).get("metadata")
    if metadata is None or metadata["type"].startswith(_PROVIDERS):
        return None
    operation = _OPERATIONS.get(metadata["op"])
    state = metadata.get("new") or metadata.get("old") or {}
    if operation is None or not state.get("custom"):
        return None
    if operation is Operation.DELETE and state.get("retainOnDelete"):
        operation = Operation.RELEASE
    kind, key = named(metadata["urn"])
    fields = tuple(sorted({spelled(field) for field in metadata.get("diffs") or ()}))
    nulls = _nulls(metadata, kind, operation)
    return Change(operation, kind, key, fields, properties(metadata), nulls)


def _nulls(metadata: Event, kind: str, operation: Operation) -> tuple[str, ...]:
    if kind != "gateway" or operation is not Operation.UPDATE:
        return ()
    old, new = metadata.get("old") or {}, metadata.get("new") or {}
    return nested.nulls(old.get("outputs") or {}, new.get("inputs") or {})


def named(urn: str) -> tuple[str, str]:
    """The kind and the key of the object with this URN.

    A URN ends in `::<type of the parent>$<type>::<logical name>`, and a logical name
    is the key of what is declared.
    """
    *_, types, key = urn.split("::", 3)
    full = types.rsplit("$", 1)[-1]
    return _KINDS.get(full, full.rsplit(":", 1)[-1]), key
