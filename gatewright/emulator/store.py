"""The account's objects, in memory, written through to a journal.

Reading never leaves memory. A write reaches the journal before it is
acknowledged, so that an answered change survives the death of the process.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from gatewright.emulator.clock import timestamp
from gatewright.emulator.deploying import deploying_token
from gatewright.emulator.identity import Owner, Token, digest

Document: TypeAlias = dict[str, Any]
T = TypeVar("T")


class Journal(Protocol):
    """Where documents are kept, by kind and key, in the order of their creation.

    What can't be written raises `KeepError`.
    """

    def load(self, kind: str) -> Iterable[tuple[str, Document]]:
        """All documents of a kind."""

    def write(self, kind: str, key: str, document: Document) -> None:
        """Keep a document, in place of one with that key."""

    def remove(self, kind: str, key: str) -> None:
        """Forget a document."""

    def together(self) -> AbstractContextManager[None]:
        """What is written within is kept as a whole or not at all."""

    def close(self) -> None:
        """Let go of the file."""


class NoJournal:
    """State that lives as long as the process."""

    def load(self, kind: str) -> Iterable[tuple[str, Document]]:
        """Nothing was kept."""
        del kind
        return ()

    def write(self, kind: str, key: str, document: Document) -> None:
        """Memory is enough."""

    def remove(self, kind: str, key: str) -> None:
        """Memory is enough."""

    def together(self) -> AbstractContextManager[None]:
        """Memory is enough."""
        return nullcontext()

    def close(self) -> None:
        """There is nothing to let go of."""


class Collection(Generic[T]):
    """Objects of one kind by key, oldest first."""

    def __init__(
        self,
        journal: Journal,
        kind: str,
        encode: Callable[[T], Document],
        decode: Callable[[Document], T],
    ) -> None:
        self._journal = journal
        self._kind = kind
        self._encode = encode
        self._items = {key: decode(document) for key, document in journal.load(kind)}

    def get(self, key: str) -> T | None:
        """The object with that key."""
        return self._items.get(key)

    def put(self, key: str, item: T) -> None:
        """Keep an object, in place of one with that key."""
        self._journal.write(self._kind, key, self._encode(item))
        self._items[key] = item

    def remove(self, key: str) -> None:
        """Forget the object with that key."""
        self.unwrite(key)
        self.drop(key)

    def unwrite(self, key: str) -> None:
        """Forget it in the journal; who succeeds in that calls `drop`."""
        self._journal.remove(self._kind, key)

    def drop(self, key: str) -> None:
        """Forget it in memory."""
        del self._items[key]

    def keys_now(self) -> list[str]:
        """A copy of the keys, safe to change the collection by."""
        return list(self._items)

    def __iter__(self) -> Iterator[T]:
        return iter(self._items.values())

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, key: str) -> bool:
        return key in self._items


def _with(name: str) -> Callable[[Document], Document]:
    """Reads a document as it was kept; raises `KeyError` or `TypeError` for what can't be one."""

    def checked(document: Document) -> Document:
        document[name]
        return document

    return checked


class Children(Collection[Document]):
    """Objects that belong to a gateway, found by it too; each has an ``id`` and ``gateway_id``."""

    def __init__(self, journal: Journal, kind: str) -> None:
        super().__init__(journal, kind, dict, dict)
        self._by_gateway: dict[str, dict[str, Document]] = {}
        for document in self:
            self._index(document)

    def of(self, gateway_id: str) -> list[Document]:
        """A gateway's own, oldest first."""
        return list(self._by_gateway.get(gateway_id, {}).values())

    def get_of(self, gateway_id: str, key: str) -> Document | None:
        """One of a gateway's own."""
        return self._by_gateway.get(gateway_id, {}).get(key)

    def put(self, key: str, item: Document) -> None:
        """Keep an object, in place of one with that key."""
        super().put(key, item)
        self._index(item)

    def drop(self, key: str) -> None:
        """Forget it in memory."""
        item = self.get(key)
        super().drop(key)
        if item is not None:
            del self._by_gateway[item["gateway_id"]][key]

    def _index(self, document: Document) -> None:
        self._by_gateway.setdefault(document["gateway_id"], {})[document["id"]] = document


class Tokens(Collection[Token]):
    """Tokens, found by id and by value."""

    def __init__(self, journal: Journal, account_id: str) -> None:
        super().__init__(
            journal,
            "token",
            encode=lambda token: {
                "object": token.document,
                "digest": token.digest,
                "owner": token.owner.name,
            },
            decode=lambda kept: Token.from_document(
                # Files of earlier editions know account-owned tokens only.
                kept["object"],
                kept["digest"],
                account_id,
                Owner[kept.get("owner", Owner.ACCOUNT.name)],
            ),
        )
        self._by_digest = {token.digest: token.id for token in self}

    def put(self, key: str, item: Token) -> None:
        """Keep a token; the value it had before no longer opens anything."""
        previous = self.get(key)
        super().put(key, item)
        if previous is not None:
            self._by_digest.pop(previous.digest, None)
        self._by_digest[item.digest] = key

    def drop(self, key: str) -> None:
        """Forget a token and its value in memory."""
        token = self.get(key)
        super().drop(key)
        if token is not None:
            self._by_digest.pop(token.digest, None)

    def with_value(self, value: str | None) -> Token | None:
        """The token of which this is the value."""
        if value is None:
            return None
        key = self._by_digest.get(digest(value))
        return self.get(key) if key is not None else None


class Store:
    """All objects of the emulated account."""

    def __init__(
        self, journal: Journal, account_id: str, deploying_token: str | None, now: float
    ) -> None:
        self._journal = journal
        self._account_id = account_id
        self._deploying_token = deploying_token
        self.gateways: Collection[Document] = Collection(journal, "gateway", dict, _with("id"))
        self.tokens = Tokens(journal, account_id)
        self.routes = Children(journal, "route")
        self.provider_configs = Children(journal, "provider_config")
        self.custom_providers: Collection[Document] = Collection(
            journal, "custom_provider", dict, _with("id")
        )
        self.workers: Collection[Document] = Collection(journal, "worker", dict, _with("name"))
        #: What the account has one of, by its name.
        self.account: Collection[Document] = Collection(journal, "account", dict, dict)
        #: Stored keys of providers, by their id: in memory alone, so that no file has them.
        self.secrets: dict[str, str] = {}
        #: The ids of those that nobody sent with a provider config.
        self.secret_ids: Collection[Document] = Collection(journal, "secret", dict, dict)
        self._ensure_deploying_token(now)

    def remove_gateway(self, gateway_id: str) -> None:
        """Forget a gateway with all that is its own."""
        own = [
            (children, one["id"])
            for children in (self.routes, self.provider_configs)
            for one in children.of(gateway_id)
        ]
        self._remove([*own, (self.gateways, gateway_id)])
        self.forget_unused_secrets()

    def clear(self, now: float) -> None:
        """Back to an empty account with its deploying token."""
        collections: tuple[Collection[Any], ...] = (
            self.gateways,
            self.tokens,
            self.routes,
            self.provider_configs,
            self.custom_providers,
            self.workers,
            self.account,
            self.secret_ids,
        )
        self._remove(
            [(collection, key) for collection in collections for key in collection.keys_now()]
        )
        self.secrets.clear()
        self._ensure_deploying_token(now)

    def _remove(self, objects: list[tuple[Collection[Any], str]]) -> None:
        """All of them, or none: what can't be written is not forgotten either."""
        with self._journal.together():
            for collection, key in objects:
                collection.unwrite(key)
        for collection, key in objects:
            collection.drop(key)

    def knows_secret(self, secret_id: str | None) -> bool:
        """Whether a secret of that id exists, though its value be lost with a process."""
        return secret_id is not None and (
            secret_id in self.secret_ids or secret_id in self._used_secrets()
        )

    def forget_unused_secrets(self) -> None:
        """Let go of the values that came with provider configs which are gone."""
        kept = self._used_secrets() | set(self.secret_ids.keys_now())
        for secret_id in self.secrets.keys() - kept:
            del self.secrets[secret_id]

    def _used_secrets(self) -> set[str]:
        return {config["secret_id"] for config in self.provider_configs}

    def close(self) -> None:
        """Let go of the journal."""
        self._journal.close()

    def _ensure_deploying_token(self, now: float) -> None:
        value = self._deploying_token
        if value is None or self.tokens.with_value(value) is not None:
            return
        document = deploying_token(self._account_id, timestamp(now))
        token = Token.from_document(document, digest(value), self._account_id)
        self.tokens.put(token.id, token)
