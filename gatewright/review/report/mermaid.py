"""A diagram in Mermaid: gateways with their policies and endpoints, and the tokens that call."""

from collections.abc import Iterator

from gatewright.model import Deployment
from gatewright.review.difference import Difference, Operation
from gatewright.review.revision import StackReview

_CLASSES = {Operation.ADDED: "added", Operation.CHANGED: "changed", Operation.REMOVED: "removed"}
#: Legible on light and on dark: the text brings its own background.
_STYLES = (
    "classDef added fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
    "classDef changed fill:#fff8c5,stroke:#9a6700,color:#1f2328",
    "classDef removed fill:#ffebe9,stroke:#cf222e,color:#1f2328,stroke-dasharray:4",
)
_MOST_GATEWAYS = 30


def mermaid(stack: StackReview) -> str:
    """A flowchart; of many gateways only those that change."""
    differences = {(each.kind, each.key): each for each in stack.differences}
    lines = ["flowchart LR", *_nodes(stack.after, differences)]
    lines += [f"  {style}" for style in _STYLES]
    return "\n".join(lines)


def _nodes(after: Deployment, differences: dict[tuple[str, str], Difference]) -> Iterator[str]:
    names = _Names()
    shown = [
        each
        for each in after.gateways
        if len(after.gateways) <= _MOST_GATEWAYS or ("gateway", each.id) in differences
    ]
    gone = [key for key in differences if differences[key].operation is Operation.REMOVED]
    for token in after.tokens:
        yield names.node("token", token.name, differences, "([{}])")
    for gateway in shown:
        yield names.node("gateway", gateway.id, differences, "[{}]")
        for token in after.tokens:
            yield f"  {names.of('token', token.name)} --> {names.of('gateway', gateway.id)}"
        if gateway.cache and gateway.cache.name:
            yield names.node("cache policy", gateway.cache.name, {}, "[/{}/]")
            policy = names.of("cache policy", gateway.cache.name)
            yield f"  {names.of('gateway', gateway.id)} -.- {policy}"
        for endpoint in gateway.endpoints:
            key = f"{gateway.id}/{endpoint.name}"
            yield names.node("endpoint", key, {}, "({})", label=endpoint.name)
            yield f"  {names.of('gateway', gateway.id)} --> {names.of('endpoint', key)}"
    for kind, key in gone:
        yield names.node(kind, key, differences, "[{}]")


class _Names:
    """Node ids: what people name things may hold anything."""

    def __init__(self) -> None:
        self._ids: dict[tuple[str, str], str] = {}

    def of(self, kind: str, key: str) -> str:
        return self._ids.setdefault((kind, key), f"n{len(self._ids)}")

    def node(
        self,
        kind: str,
        key: str,
        differences: dict[tuple[str, str], Difference],
        shape: str,
        *,
        label: str | None = None,
    ) -> str:
        said = (label or key).replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
        found = differences.get((kind, key))
        suffix = f":::{_CLASSES[found.operation]}" if found else ""
        box = shape.format(f'"{kind}: {said}"')
        return f"  {self.of(kind, key)}{box}{suffix}"
