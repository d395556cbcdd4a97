"""A gateway's provider key as the API returns it → the fields of its spec."""

from collections.abc import Mapping, Sequence
from typing import Any

from gatewright.spec.durations import spelled

Object = Mapping[str, Any]
Fields = dict[str, Any]

_SECOND = 1_000
_USUAL_PERIOD = 60


def by_name(rows: Sequence[Object]) -> dict[str, Object]:
    """The keys by the names their specs give them: the alias, with the provider if it must be."""
    aliases = [row["alias"] for row in rows]
    return {
        row["alias"]
        if aliases.count(row["alias"]) == 1
        else f"{row['provider_slug']}-{row['alias']}": row
        for row in rows
    }


def fields(name: str, held: Object) -> Fields:
    """The fields in the schema's order; the secret stays in the Secrets Store, by its id."""
    period = held.get("rate_limit_period") or _USUAL_PERIOD
    limited = bool(held.get("rate_limit"))
    found: Fields = {
        "provider": held["provider_slug"],
        "alias": None if held["alias"] == name else held["alias"],
        "secret_id": held["secret_id"],
        "default": held.get("default_config") or None,
        "rate_limit": held.get("rate_limit") or None,
        "rate_limit_period": spelled(period * _SECOND)
        if limited and period != _USUAL_PERIOD
        else None,
    }
    return {key: value for key, value in found.items() if value is not None}
