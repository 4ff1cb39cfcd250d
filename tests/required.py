"""What a test needs that not every machine has."""

import os
from typing import NoReturn

import pytest


def missing(what: str) -> NoReturn:
    """Skip for lack of something, unless everything is required."""
    if os.environ.get("EDGEINSPECT_REQUIRE_ALL") == "1":
        pytest.fail(f"{what} (required by EDGEINSPECT_REQUIRE_ALL=1)")
    pytest.skip(what)
