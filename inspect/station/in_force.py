"""Which recipe a station was changed over to, kept over its restarts."""

import logging
from pathlib import Path

from pydantic import Field, ValidationError

from ..core.errors import SettingsError
from ..core.frozen import FrozenModel
from ..core.identity import Sha256
from ..core.recipe import Recipe, RecipeRef
from ..core.whole_file import mend_of, replace_file
from ..settings.recipe_folder import find_recipe

_log = logging.getLogger(__name__)


class InForce(FrozenModel):
    """The recipe that a changeover put in force."""

    recipe: RecipeRef
    instead_of: Sha256 = Field(description="Digest of the recipe that the settings named")


class RecipeInForce:
    """The file that remembers it. A station that starts again inspects the same product.

    The settings win again as soon as they name another recipe.
    """

    def __init__(self, path: Path, configured: Recipe, folder: Path | None) -> None:
        self._path = path
        self._configured = configured
        self._folder = folder

    def recall(self) -> Recipe | None:
        """Return the recipe that a changeover left in force; None for the settings'.

        Raises SettingsError when that recipe is gone: nobody knows what is on the line.
        """
        kept = self._read()
        if kept is None or self._folder is None:
            return None
        if kept.instead_of != self._configured.ref.sha256:
            _log.warning(
                "the settings name another recipe than before: it takes the place of %s",
                kept.recipe.name,
            )
            return None
        recipe = find_recipe(self._folder, kept.recipe.name, kept.recipe.version)
        if recipe.ref != kept.recipe:
            _log.warning("recipe %s was edited without a new version", recipe.name)
        return recipe

    def keep(self, recipe: Recipe) -> None:
        """Remember a changeover. Raises SettingsError when that cannot be written."""
        kept = InForce(recipe=recipe.ref, instead_of=self._configured.ref.sha256)
        try:
            replace_file(self._path, kept.model_dump_json().encode())
        except OSError as error:
            raise SettingsError(
                f"{self._path}: cannot be written ({error.strerror}); {mend_of(error)}, for "
                "a restart would go back to the recipe before."
            ) from None

    def _read(self) -> InForce | None:
        try:
            return InForce.model_validate_json(self._path.read_bytes(), extra="ignore")
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            raise SettingsError(
                f"{self._path}: the recipe in force cannot be read from it ({type(error).__name__})"
                "; remove it, and the recipe of the settings holds."
            ) from None
