"""Reads a recipe from its TOML file."""

import tomllib
from pathlib import Path

from pydantic import ValidationError

from ..core.errors import SettingsError
from ..core.recipe import Recipe
from .explain import explain


def load_recipe(path: Path | None) -> Recipe:
    """Return the recipe written in `path`, or the default recipe for None.

    Raises SettingsError naming the file, the key and what is wrong with it.
    """
    if path is None:
        return Recipe()
    try:
        return Recipe.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: not a readable recipe ({error}); mend the file.") from None
    except ValidationError as error:
        raise SettingsError(explain(error, path, "docs/reference/recipe.md")) from None
