"""The real workerd, fetched once by npm as users get it."""

import os
from pathlib import Path

import pytest

from gatewright import npm
from gatewright.errors import CouldNotRunError
from gatewright.places import home


def workerd() -> Path:
    """Its path; without npm the tests that need it are skipped, in CI they fail."""
    try:
        return npm.fetch(npm.WORKERD, home(), print)
    except CouldNotRunError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no workerd: {error}")
