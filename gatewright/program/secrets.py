"""The values of secrets, looked up before anything is registered."""

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.runtime.config import is_config_secret

from gatewright.model import Deployment, JsonValue, SecretReference, SecretStore
from gatewright.model.references import references

_NAMESPACE = "gatewright"


class Secrets:
    """All secrets of a deployment, each a secret output; `repr` shows none."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[tuple[str, str], str]) -> None:
        self._values = values

    @classmethod
    def of(cls, deployment: Deployment, environment: Mapping[str, str]) -> "Secrets":
        """Raise `pulumi.RunError` that names every secret that cannot be had.

        An empty one counts as missing; one in clear in the configuration is refused.
        """
        config = pulumi.Config(_NAMESPACE)
        values: dict[tuple[str, str], str] = {}
        problems: list[str] = []
        for owner, reference in references(deployment):
            value, problem = _looked_up(reference, environment, config)
            values[reference.store.value, reference.name] = value
            if problem:
                place = f"{reference.source.place}: " if reference.source else ""
                problems.append(f"{place}{owner}: {problem}")
        if problems:
            raise pulumi.RunError("\n".join(problems))
        return cls(values)

    def output(self, reference: JsonValue) -> Any:
        """A secret output with the value for ``reference``, ``{"env": "NAME"}`` for example."""
        if not isinstance(reference, dict):
            raise TypeError("a secret is given by reference")
        ((store, name),) = reference.items()
        return pulumi.Output.secret(self._values[store, str(name)])

    def value(self, reference: SecretReference) -> str:
        """The value itself, to be made part of a secret output."""
        return self._values[reference.store.value, reference.name]


def _looked_up(
    reference: SecretReference, environment: Mapping[str, str], config: pulumi.Config
) -> tuple[str, str | None]:
    """The value, and what is wrong with it."""
    name = reference.name
    if reference.store is SecretStore.ENV:
        value = environment.get(name) or ""
        problem = (
            f"the environment variable `{name}` is not set, or empty\n"
            "hint: it holds a secret: have your CI system or shell set it"
        )
        return value, None if value else problem
    key = f"{_NAMESPACE}:{name}"
    value = config.get(name) or ""
    if not value:
        return value, (
            f"the stack's configuration has no secret `{key}`, or it is empty\n"
            f"hint: `pulumi config set --secret {key}`, which asks for the value"
        )
    if not is_config_secret(key):
        return "", (
            f"`{key}` stands in clear in the stack's configuration\n"
            f"hint: `pulumi config set --secret {key}` encrypts it; "
            "the old value is known now: replace it"
        )
    return value, None
