"""The paths of the gateway endpoint, below ``/v1/{account_id}/{gateway_id}/``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import unquote

from gatewright.emulator.traffic import answers, errors
from gatewright.emulator.traffic.answers import Answer
from gatewright.emulator.traffic.models import MODELS, Model

Respond: TypeAlias = Callable[[Model, dict[str, Any], float], Answer]

PROVIDER = "workers-ai"
_NATIVE = f"{PROVIDER}/"
_RUN = f"{PROVIDER}/run/"


@dataclass(frozen=True, slots=True)
class Surface:
    """Where a call goes: ``model`` in the path, or in the body where it is ``None``.

    ``unified`` paths serve any provider: the model's name begins with it.
    """

    name: str
    respond: Respond
    model: str | None = None
    unified: bool = False


_FIXED = {
    surface.name: surface
    for surface in (
        Surface(f"{PROVIDER}/v1/chat/completions", answers.chat_completion),
        Surface(f"{PROVIDER}/v1/embeddings", answers.embeddings),
        Surface("compat/chat/completions", answers.chat_completion, unified=True),
        Surface("compat/embeddings", answers.embeddings, unified=True),
    )
}


def surface_of(rest: str) -> Surface:
    """The surface behind an undecoded path; raises `errors.TrafficError` if there is none."""
    fixed = _FIXED.get(rest)
    if fixed is not None:
        return fixed
    if not rest.startswith(_NATIVE):
        raise errors.unknown_provider()
    # Both forms of the path are one surface: they share what is cached.
    segments = rest.removeprefix(_RUN if rest.startswith(_RUN) else _NATIVE).split("/")
    decoded = [unquote(segment) for segment in segments]
    if any(not segment or "/" in segment for segment in decoded):
        raise errors.no_route()
    return Surface("workers-ai/run", answers.native, "/".join(decoded))


def model_of(surface: Surface, body: dict[str, Any]) -> Model:
    """The model that a call names; raises `errors.TrafficError` if there is none."""
    name = surface.model
    if name is None:
        named = body.get("model")
        if not isinstance(named, str) or not named:
            raise (
                errors.bad_chat_format()
                if surface.unified
                else errors.bad_input("required properties at '/' are 'model'")
            )
        name = named
    if surface.unified and not name.startswith("@"):
        provider, _, name = name.partition("/")
        if provider != PROVIDER:
            raise errors.unknown_provider()
    model = MODELS.get(name)
    if model is None:
        raise errors.no_model(name)
    return model
