"""Data loss prevention: the account's DLP profiles applied to requests and answers."""

from dataclasses import dataclass

from gatewright.model.action import Action


@dataclass(frozen=True, slots=True)
class DlpPolicy:
    """One policy: ``check`` holds `REQUEST`, `RESPONSE` or both, ``profiles`` are ids."""

    id: str
    action: Action
    check: tuple[str, ...]
    profiles: tuple[str, ...]
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Dlp:
    """Either ``action`` and ``profiles`` for everything, or ``policies``; never both."""

    enabled: bool = True
    action: Action | None = None
    profiles: tuple[str, ...] = ()
    policies: tuple[DlpPolicy, ...] = ()
