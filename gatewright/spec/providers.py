"""Validated values → the model, for providers: the keys of known ones, and custom ones."""

from gatewright.model import CustomProvider, ProviderConfig, Source
from gatewright.spec.positions import Positions
from gatewright.spec.sections import Values, given, seconds, secret

_PLAIN = (
    "slug",
    "base_url",
    "description",
    "enable",
    "beta",
    "link",
    "position",
    "curl_example",
    "js_example",
)


def provider_configs(values: Values, positions: Positions) -> tuple[ProviderConfig, ...]:
    """The section ``provider_configs`` of a gateway, sorted by name."""
    return tuple(_provider_config(name, values[name], positions) for name in sorted(values))


def _provider_config(name: str, values: Values, positions: Positions) -> ProviderConfig:
    path = ("provider_configs", name)
    return ProviderConfig(
        name,
        **given(values, "provider", "secret_id", "default", "rate_limit"),
        **seconds(values, "rate_limit_period"),
        secret=secret(values["secret"], positions, (*path, "secret"))
        if "secret" in values
        else None,
        given_alias=values.get("alias"),
        source=Source(positions.key, path),
    )


def custom_provider(values: Values, positions: Positions, source: Source) -> CustomProvider:
    """What the file of a custom provider declares."""
    return CustomProvider(
        **given(values, *_PLAIN),
        given_name=values.get("name"),
        headers={
            name: value if isinstance(value, str) else secret(value, positions, ("headers", name))
            for name, value in values.get("headers", {}).items()
        },
        source=source,
    )
