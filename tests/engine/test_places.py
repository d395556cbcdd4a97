from pathlib import Path

import pytest

from gatewright import places
from gatewright.engine import home
from gatewright.errors import CouldNotRunError


@pytest.fixture(autouse=True)
def _somebody(monkeypatch):
    monkeypatch.setenv("HOME", "/home/somebody")
    monkeypatch.delenv("GATEWRIGHT_HOME", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(places.sys, "platform", "linux")


@pytest.mark.parametrize(
    ("variables", "platform", "expected"),
    [
        ({}, "linux", "/home/somebody/.cache/gatewright"),
        ({"XDG_CACHE_HOME": "/cache"}, "linux", "/cache/gatewright"),
        ({"XDG_CACHE_HOME": "relative"}, "linux", "/home/somebody/.cache/gatewright"),
        ({"XDG_CACHE_HOME": ""}, "linux", "/home/somebody/.cache/gatewright"),
        ({"XDG_CACHE_HOME": "/cache"}, "darwin", "/home/somebody/Library/Caches/gatewright"),
        ({"GATEWRIGHT_HOME": "/g", "XDG_CACHE_HOME": "/cache"}, "linux", "/g"),
        ({"GATEWRIGHT_HOME": "/g"}, "darwin", "/g"),
        ({"GATEWRIGHT_HOME": "~/g"}, "linux", "/home/somebody/g"),
        ({"GATEWRIGHT_HOME": ""}, "linux", "/home/somebody/.cache/gatewright"),
    ],
)
def test_the_home_folder(monkeypatch, variables, platform, expected):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(places.sys, "platform", platform)
    assert home() == Path(expected)


def test_a_relative_home_is_made_absolute(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GATEWRIGHT_HOME", "g")
    assert home() == tmp_path / "g"


def test_a_user_without_a_home_folder_is_told(monkeypatch):
    def nobody():
        raise RuntimeError

    monkeypatch.setattr(places.Path, "home", nobody)
    with pytest.raises(CouldNotRunError, match="no home folder") as caught:
        home()
    assert "GATEWRIGHT_HOME" in caught.value.hint
