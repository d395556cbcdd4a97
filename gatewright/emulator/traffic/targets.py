"""The paths below a gateway, and the requests to providers they stand for."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from gatewright.emulator.traffic import errors, workers_ai
from gatewright.emulator.traffic.exchange import Ask
from gatewright.emulator.traffic.providers import CUSTOM, DYNAMIC, PROVIDERS, WORKERS_AI
from gatewright.emulator.web import Headers, JsonValue

_NATIVE = f"{WORKERS_AI}/"
_RUN = f"{WORKERS_AI}/run/"

#: What each unified endpoint is called below a provider.
_UNIFIED = {
    workers_ai.COMPAT_CHAT: "chat/completions",
    workers_ai.COMPAT_EMBEDDINGS: "embeddings",
}

_OWN = frozenset((workers_ai.CHAT, workers_ai.EMBEDDINGS))


@dataclass(frozen=True, slots=True)
class Target:
    """Where a call goes: ``model`` in the path, or in the body where it is ``None``.

    ``unified`` paths serve any provider: the model's name begins with it.
    """

    provider: str
    path: str
    kind: str
    model: str | None = None
    unified: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """What came with a path; ``body`` is ``None`` where it is no JSON."""

    method: str
    headers: Headers
    body: JsonValue = None
    content: bytes = b""
    query: str = ""


#: Paths that name no model.
FIXED = {
    **{kind: Target("", path, kind, unified=True) for kind, path in _UNIFIED.items()},
    **{kind: Target(WORKERS_AI, kind.removeprefix(_NATIVE), kind) for kind in _OWN},
}


def target_of(rest: str) -> Target:
    """The target of an undecoded path; raises `errors.TrafficError` if there is none."""
    fixed = FIXED.get(rest)
    if fixed is not None:
        return fixed
    if rest.startswith(_NATIVE):
        # Both forms of the path are one: they share what is cached.
        model = rest.removeprefix(_RUN if rest.startswith(_RUN) else _NATIVE)
        return run_target(model)
    provider, _, path = rest.partition("/")
    provider = unquote(provider)
    if provider in PROVIDERS or provider.startswith(CUSTOM):
        return Target(provider, path, f"{provider}/{path}")
    raise errors.unknown_provider()


def run_target(model: str) -> Target:
    """Workers AI's native endpoint of a model, given as in a path."""
    decoded = [unquote(segment) for segment in model.split("/")]
    if any(not segment or "/" in segment for segment in decoded):
        raise errors.no_route()
    return Target(WORKERS_AI, "/".join(decoded), workers_ai.RUN, "/".join(decoded))


def ask_of(target: Target, sent: Sent) -> Ask:
    """The request to the provider; raises `errors.TrafficError` if the body names none."""
    provider, model = target.provider, target.model
    if model is None:
        model = _named_model(target, sent.body)
    if target.unified:
        provider, model = _resolved(model)
    return Ask(
        provider=provider,
        path=target.path,
        kind=target.kind,
        model=model,
        method=sent.method,
        headers=sent.headers,
        body=sent.body,
        content=sent.content,
        query=sent.query,
        compatible=target.unified,
    )


def _named_model(target: Target, body: JsonValue) -> str:
    named: Any = body.get("model") if isinstance(body, dict) else None
    if isinstance(named, str) and named:
        return named
    if target.unified:
        raise errors.bad_chat_format()
    if target.provider == WORKERS_AI:
        raise errors.bad_input("required properties at '/' are 'model'")
    # Google and others name it in the path.
    return (
        target.path.rpartition("models/")[2].partition(":")[0] if "models/" in target.path else ""
    )


def _resolved(name: str) -> tuple[str, str]:
    if name.startswith("@"):
        return WORKERS_AI, name
    provider, slash, model = name.partition("/")
    known = provider in PROVIDERS or provider in {WORKERS_AI, DYNAMIC}
    if not slash or not (known or provider.startswith(CUSTOM)):
        raise errors.unknown_provider()
    return provider, model
