"""The recipes that a station can be changed over to: a folder of their files."""

from collections.abc import Iterator
from pathlib import Path

from ..core.errors import SettingsError
from ..core.recipe import Recipe
from .recipe_file import load_recipe


def find_recipe(folder: Path, name: str, version: int | None = None) -> Recipe:
    """Return the recipe called `name` among the TOML files of `folder`.

    Files that are no recipes are passed over, for a calibration may lie beside, unless one is
    called as the recipe that is sought. Raises SettingsError when there is no such recipe, or more
    than one.
    """
    found = [
        (path, recipe)
        for path, recipe in recipes_in(folder, sought=name)
        if recipe.name == name and version in (None, recipe.version)
    ]
    asked = name if version is None else f"{name} version {version}"
    if not found:
        raise SettingsError(f"{folder}: holds no recipe {asked}; put its file there.")
    if len(found) > 1:
        files = ", ".join(path.name for path, _ in found)
        raise SettingsError(f"{folder}: {files} are all recipe {asked}; name the version, or mend.")
    return found[0][1]


def recipes_in(folder: Path, sought: str | None = None) -> Iterator[tuple[Path, Recipe]]:
    """Go through the recipes of `folder`. Raises SettingsError when it cannot be read, or the file
    called as the one that is sought is no recipe.
    """
    for path in recipe_files(folder):
        try:
            yield path, load_recipe(path)
        except SettingsError:
            if path.stem == sought:
                raise


def recipe_files(folder: Path) -> list[Path]:
    """Return the files of `folder` that may be recipes. Raises SettingsError."""
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    except OSError as error:
        raise SettingsError(
            f"{folder}: cannot be read ({error.strerror}); name a folder in station.recipes."
        ) from None
