"""What a longer run shows on a terminal, and what it does not show elsewhere."""

import io
import sys

import pytest

from gatewright.cli.teller import Teller


class Stream(io.StringIO):
    def __init__(self, *, is_terminal: bool) -> None:
        super().__init__()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


def shown(monkeypatch: pytest.MonkeyPatch, *, is_terminal: bool, as_json: bool = False) -> str:
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("NO_COLOR", "1")
    stream = Stream(is_terminal=is_terminal)
    monkeypatch.setattr(sys, "stderr", stream)
    teller = Teller(as_json=as_json)
    teller.now("1/3 done, now gateway support")
    teller.now("2/3 done")
    teller.say("+ create  gateway support")
    return stream.getvalue()


def test_a_terminal_shows_what_happens_now_until_something_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = shown(monkeypatch, is_terminal=True)
    home = "\r\x1b[K"
    assert said == f"{home}1/3 done, now gatew{home}2/3 done{home}+ create  gateway support\n"


def test_elsewhere_there_are_plain_lines_and_for_machines_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert shown(monkeypatch, is_terminal=False) == "+ create  gateway support\n"
    assert shown(monkeypatch, is_terminal=True, as_json=True) == ""
