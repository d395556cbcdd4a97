"""A deployment on this machine: local Cloudflare, state and provider, for child processes only."""

from typing import TYPE_CHECKING, Any

from gatewright.local.folder import STACK, Folder

if TYPE_CHECKING:
    from gatewright.local.session import Session, open_session

__all__ = ["STACK", "Folder", "Session", "open_session"]


def __getattr__(name: str) -> Any:
    """What takes an engine to import; most runs of most verbs need none."""
    if name not in {"Session", "open_session"}:
        raise AttributeError(name)
    from gatewright.local import session  # noqa: PLC0415  # see above

    return getattr(session, name)
