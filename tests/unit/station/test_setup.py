"""Which setup a part belongs to, while a station is changed over."""

from time import monotonic
from typing import Any

import pytest

from edgeinspect.core.gates import GateRules
from edgeinspect.core.recipe import Recipe
from edgeinspect.station.gate_drift import GateDrift
from edgeinspect.station.inspector import Inspector
from edgeinspect.station.setup import Setup, Setups

NOBODY: Any = None


def setup(name: str) -> Setup:
    return Setup(Inspector(NOBODY, Recipe(name=name)), GateDrift(None, GateRules()))


@pytest.fixture
def setups() -> Setups:
    return Setups(setup("nuts"))


def test_a_part_belongs_to_what_was_in_force_when_it_was_captured(setups: Setups) -> None:
    before_s = monotonic()
    setups.change_to(setup("bolts"))
    after_s = monotonic()
    assert setups.newest.recipe.name == "bolts"
    assert setups.take(before_s).recipe.name == "nuts"  # it waited for the judge
    assert setups.take(after_s).recipe.name == "bolts"


def test_two_changes_while_parts_wait_are_told_apart(setups: Setups) -> None:
    moments = [monotonic()]
    for name in ("bolts", "screws"):
        setups.change_to(setup(name))
        moments.append(monotonic())
    assert [setups.take(each).recipe.name for each in moments] == ["nuts", "bolts", "screws"]


def test_what_is_past_is_let_go_of(setups: Setups) -> None:
    before_s = monotonic()
    setups.change_to(setup("bolts"))
    setups.take(monotonic())
    assert setups.take(before_s).recipe.name == "bolts"  # nothing older is left
