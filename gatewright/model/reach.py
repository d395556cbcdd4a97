"""How far a token reaches: a permission holds for the whole account, not for one gateway."""

from gatewright.model.deployment import Deployment
from gatewright.model.token import Token

_RUN = "AI Gateway Run"
_CHANGES = "AI Gateway Write"
#: With one of these the provider answers past the gateways, and past what they count.
_DIRECT = frozenset({"Workers AI Read", "Workers AI Write"})
_MOST_NAMED = 5


def reach(token: Token, deployment: Deployment) -> str | None:
    """What whoever has ``token`` can reach, in a sentence; None for what is not ours to tell."""
    gateways = [gateway.id for gateway in deployment.gateways]
    budgets = [gateway.id for gateway in deployment.gateways if gateway.spend_limits]
    said: list[str] = []
    if _RUN in token.permissions:
        spent = f", and spend their budgets ({_named(budgets)})" if budgets else ""
        said.append(f"call every gateway of the account (declared here: {_named(gateways)}){spent}")
    if _CHANGES in token.permissions:
        said.append("change and delete every gateway of the account")
    if _DIRECT.intersection(token.permissions):
        said.append("call Workers AI past all gateways and budgets")
    return f"it may {'; '.join(said)}" if said else None


def _named(names: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown or "none"
