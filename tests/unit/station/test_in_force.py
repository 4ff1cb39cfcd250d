"""Which recipe a station that starts again inspects by."""

from pathlib import Path

import pytest

from edgeinspect.core.errors import SettingsError
from edgeinspect.core.recipe import Recipe
from edgeinspect.station.in_force import RecipeInForce

NUTS, BOLTS = Recipe(name="nuts"), Recipe(name="bolts")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bolts.toml").write_text('name = "bolts"', encoding="utf-8")
    return tmp_path


def kept(folder: Path, configured: Recipe = NUTS) -> RecipeInForce:
    return RecipeInForce(folder / "station.recipe", configured, folder)


def test_a_changeover_outlives_a_restart(folder: Path) -> None:
    assert kept(folder).recall() is None
    kept(folder).keep(BOLTS)
    assert kept(folder).recall() == BOLTS


def test_settings_that_name_another_recipe_win(folder: Path) -> None:
    kept(folder).keep(BOLTS)
    assert kept(folder, Recipe(name="washers")).recall() is None


def test_a_station_whose_recipe_is_gone_does_not_guess(folder: Path) -> None:
    kept(folder).keep(BOLTS)
    (folder / "bolts.toml").unlink()
    with pytest.raises(SettingsError, match="holds no recipe bolts version 1"):
        kept(folder).recall()


@pytest.mark.parametrize("damage", [b"", b"{}", b"\xff\xfe", b"null"])
def test_a_damaged_memory_is_said_and_what_to_do(folder: Path, damage: bytes) -> None:
    (folder / "station.recipe").write_bytes(damage)
    with pytest.raises(SettingsError, match="remove it, and the recipe of the settings holds"):
        kept(folder).recall()


def test_what_cannot_be_remembered_is_not_changed_to(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be written"):
        kept(tmp_path / "gone").keep(BOLTS)
