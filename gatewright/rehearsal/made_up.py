"""Values in place of secrets: a rehearsal has none, and a stranger's revision must get none."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import yaml

from gatewright.model import Deployment, SecretStore
from gatewright.model.references import references
from gatewright.rehearsal.copies import Copy
from gatewright.stack import Stack

_NAMESPACE = "gatewright"
#: Settings that say where a real account is; the local one's come from the environment.
_DROPPED = frozenset(
    f"{_NAMESPACE}:{name}" for name in ("accountId", "apiUrl", "gatewayUrl", "workersUrl", "adopt")
)
_DROPPED_NAMESPACE = "cloudflare:"
#: How a stack's file says that a value is encrypted, and what it keeps of the way.
_SECURE = "secure"
_OF_ENCRYPTION = ("encryptionsalt", "encryptedkey", "secretsprovider", "environment")
_SALT = "encryptionsalt"
_BYTES = 16


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A value for each secret that is referred to, by its name; the same in all revisions."""

    environment: dict[str, str] = field(default_factory=dict)
    configuration: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, deployments: Iterable[Deployment]) -> "MadeUp":
        """Those of all ``deployments``."""
        made = cls()
        for deployment in deployments:
            for _, reference in references(deployment):
                is_env = reference.store is SecretStore.ENV
                known = made.environment if is_env else made.configuration
                known.setdefault(reference.name, f"made-up-{secrets.token_hex(_BYTES)}")
        return made

    @property
    def values(self) -> list[str]:
        """All of them."""
        return [*self.environment.values(), *self.configuration.values()]

    def configure(self, stack: Stack, copies: Iterable[Copy]) -> None:
        """Make ``stack`` and give each copy the settings for it: its own, without secrets.

        The first copy is the stack's project. Raises `CouldNotRunError` if Pulumi refuses.
        """
        first, *others = copies
        own = {id(copy): _plain(copy, stack.name) for copy in (first, *others)}
        _write(first, stack.name, own[id(first)])
        stack.capture("stack", "init", stack.name, "--no-select")
        if self.configuration:
            given = [
                part
                for name, value in self.configuration.items()
                for part in ("--secret", f"{_NAMESPACE}:{name}={value}")
            ]
            stack.capture("config", "set-all", *given)
        made = _read(first, stack.name)
        for copy in others:
            settings = own[id(copy)]
            config = {
                name: value
                for name, value in (made.get("config") or {}).items()
                if isinstance(value, dict) and _SECURE in value
            }
            settings["config"] = {**settings["config"], **config}
            _write(copy, stack.name, {**settings, _SALT: made.get(_SALT)})


def _plain(copy: Copy, stack: str) -> dict[str, Any]:
    """The settings that a revision has for the stack, as far as they are no secrets."""
    settings = _read(copy, stack)
    config = settings.get("config")
    kept = {
        name: value
        for name, value in (config if isinstance(config, dict) else {}).items()
        if name not in _DROPPED and not name.startswith(_DROPPED_NAMESPACE)
    }
    rest = {name: value for name, value in settings.items() if name not in _OF_ENCRYPTION}
    return {**rest, "config": {name: v for name, v in kept.items() if not _has_secret(v)}}


def _has_secret(value: Any) -> bool:
    if isinstance(value, dict):
        return _SECURE in value or any(map(_has_secret, value.values()))
    return isinstance(value, list) and any(map(_has_secret, value))


def _read(copy: Copy, stack: str) -> dict[str, Any]:
    path = copy.stack_settings(stack)
    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    except (OSError, ValueError, yaml.YAMLError):
        return {}
    return read if isinstance(read, dict) else {}


def _write(copy: Copy, stack: str, settings: dict[str, Any]) -> None:
    path = copy.stack_settings(stack)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")
