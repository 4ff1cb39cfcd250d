"""Changes the station over to another recipe while it runs."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

from ..core.errors import ModelError, SettingsError
from ..core.recipe import Recipe
from ..models.judge import Judge, load_judge
from ..models.shelf import Shelf
from ..settings.recipe_folder import find_recipe, recipe_files, recipes_in
from ..settings.station import StationSettings
from .announcer import Announcer
from .gate.gate import Gate, check_same_unit, check_timed
from .in_force import RecipeInForce
from .setup import Setups, set_up

_log = logging.getLogger(__name__)


def open_shelf(own: StationSettings, model: Path) -> Shelf:
    """Return the shelf of models that the recipes of a station may name."""
    return Shelf(own.models or model.parent, model, lambda path: load_own_judge(own, path))


def load_own_judge(own: StationSettings, path: Path) -> Judge:
    """Read and prove a model as the station's settings say. Raises ModelError."""
    return load_judge(path, threads=own.threads, trusted_keys=own.trusted_keys, runtime=own.runtime)


@dataclass(frozen=True, slots=True)
class Choice:
    """The recipes that a station can be changed over to, and the files beside that are none: a
    calibration may be.
    """

    recipes: tuple[Recipe, ...]
    others: tuple[Path, ...]


def choice_of(folder: Path, shelf: Shelf) -> Choice:
    """Look through the recipes of `folder`.

    Raises ModelError that names every recipe whose model is not there.
    """
    recipes = dict(recipes_in(folder))
    wrong = []
    for recipe in recipes.values():
        try:
            with _model_of(recipe):
                if recipe.model is not None:
                    shelf.find(recipe.model)
        except ModelError as error:
            wrong.append(str(error))
    if wrong:
        raise ModelError(" ".join(wrong))
    others = tuple(path for path in recipe_files(folder) if path not in recipes)
    return Choice(tuple(recipes.values()), others)


@contextmanager
def _model_of(recipe: Recipe) -> Iterator[None]:
    """Say of which recipe it is, where its model cannot be had."""
    try:
        yield
    except ModelError as error:
        raise ModelError(f"recipe {recipe.name}: {error}") from None


class Changeover:
    """Puts another recipe in force between two parts; everything is made ready before.

    Meanwhile parts are inspected by the recipe before, and so are those captured before the
    moment of the change. When something is not in order nothing changes.
    """

    def __init__(
        self,
        own: StationSettings,
        setups: Setups,
        shelf: Shelf,
        gate: Gate,
        in_force: RecipeInForce,
        announcer: Announcer,
    ) -> None:
        self._own = own
        self._setups = setups
        self._shelf = shelf
        self._gate = gate
        self._in_force = in_force
        self._announcer = announcer

    def to(self, name: str, version: int | None) -> str:
        """Change over; return in words what holds now.

        Raises SettingsError and ModelError when the recipe, its model or the timing of the gate
        is not there or not in order.
        """
        started_s = monotonic()
        if self._own.recipes is None:
            raise SettingsError(
                "this station has no folder of recipes; name one as station.recipes, and restart."
            )
        recipe = find_recipe(self._own.recipes, name, version)
        check_timed(self._own, recipe)
        before = self._setups.newest.inspector
        check_same_unit(self._own, before.recipe, recipe)
        with _model_of(recipe):
            judge = self._shelf.of(recipe)
        self._in_force.keep(recipe)
        self._setups.change_to(set_up(replace(before, judge=judge, recipe=recipe)))
        self._gate.rest(recipe.gate)
        self._announcer.use(judge.ref, recipe.ref)
        took_s = monotonic() - started_s
        _log.info("recipe %s version %s is in force after %.2f s", name, recipe.version, took_s)
        return (
            f"parts are inspected by recipe {recipe.name} version {recipe.version} with model "
            f"{judge.ref.name} version {judge.ref.version} from now on."
        )
