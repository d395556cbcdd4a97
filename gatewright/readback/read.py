"""Everything that is compared, from what the account listed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gatewright.model import Deployment, JsonValue
from gatewright.readback import compare
from gatewright.readback.reading import Reading, Result, Verdict

#: Cloudflare makes this one itself at the first authenticated request.
AUTOMATIC = "default"

Object = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Live:
    """What the account holds; ``own_token_id`` is the token that asked, if it is listed."""

    account_id: str
    gateways: Sequence[Object]
    tokens: Sequence[Object]
    own_token_id: str | None = None


def read(deployment: Deployment, live: Live) -> Result:
    """Compare all that is declared, and list what no spec manages."""
    gateways = {str(row["id"]): row for row in live.gateways}
    tokens: dict[str, list[Object]] = {}
    for row in live.tokens:
        tokens.setdefault(str(row["name"]), []).append(row)

    readings = [compare.gateway(g, gateways.get(g.id)) for g in deployment.gateways]
    for declared in deployment.tokens:
        same_name = tokens.get(declared.name_in_account, [])
        readings += [compare.token(declared, row, live.account_id) for row in same_name[:1]]
        readings += [_extra_token(row) for row in same_name[1:]]
        if not same_name:
            readings.append(compare.token(declared, None, live.account_id))
    return Result(tuple(readings), tuple(_undeclared(deployment, gateways, tokens, live)))


def _extra_token(row: Object) -> Reading:
    note = f"a second token of this name, id {row['id']}: `gatewright token revoke {row['id']}`"
    return Reading("token", str(row["name"]), verdict=Verdict.DIFFERS, note=note)


def _undeclared(
    deployment: Deployment,
    gateways: Mapping[str, Object],
    tokens: Mapping[str, Sequence[Object]],
    live: Live,
) -> list[Reading]:
    declared_gateways = {gateway.id for gateway in deployment.gateways}
    declared_tokens = {token.name_in_account for token in deployment.tokens}
    found = [
        Reading(
            "gateway",
            name,
            verdict=Verdict.UNDECLARED,
            note="made by Cloudflare at the first authenticated request"
            if name == AUTOMATIC
            else None,
        )
        for name in sorted(gateways.keys() - declared_gateways)
    ]
    found += [
        Reading("token", name, verdict=Verdict.UNDECLARED, note=f"id {row['id']}")
        for name in sorted(tokens.keys() - declared_tokens)
        for row in tokens[name]
        if row["id"] != live.own_token_id
    ]
    return found
