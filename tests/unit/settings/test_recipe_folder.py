"""Recipes are found in their folder by name and version, or it is said why not."""

from pathlib import Path

import pytest

from edgeinspect.core.errors import SettingsError
from edgeinspect.settings.recipe_folder import find_recipe


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, version in (("nuts", 1), ("bolts", 1), ("bolts", 2)):
        text = f'name = "{name}"\nversion = {version}\n'
        (tmp_path / f"{name}-{version}.toml").write_text(text, encoding="utf-8")
    (tmp_path / "camera-1.toml").write_text("mm_per_px = 0.1\nviews = 3\n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("ask Li Na", encoding="utf-8")
    return tmp_path


def test_a_recipe_is_found_by_its_name_and_version(folder: Path) -> None:
    assert find_recipe(folder, "nuts").name == "nuts"
    assert find_recipe(folder, "bolts", 1).version == 1


@pytest.mark.parametrize(
    ("name", "version", "why"),
    [
        ("screws", None, "holds no recipe screws"),
        ("nuts", 2, "holds no recipe nuts version 2"),
        ("bolts", None, "bolts-1.toml, bolts-2.toml are all recipe bolts; name the version"),
    ],
)
def test_what_is_not_there_once_is_said(
    folder: Path, name: str, version: int | None, why: str
) -> None:
    with pytest.raises(SettingsError, match=why):
        find_recipe(folder, name, version)


def test_a_damaged_file_is_told_where_it_may_be_the_one_that_is_sought(folder: Path) -> None:
    (folder / "screws.toml").write_text("name = screws", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"screws.toml: not a readable recipe"):
        find_recipe(folder, "screws")
    assert find_recipe(folder, "nuts").name == "nuts"


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"name a folder in station\.recipes"):
        find_recipe(tmp_path / "none", "nuts")
