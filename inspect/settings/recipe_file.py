"""A recipe in its TOML file."""

import tomllib
from pathlib import Path

import tomli_w
from pydantic import ValidationError

from ..core.calibration import Calibration
from ..core.errors import SettingsError
from ..core.inspection import ModelRef
from ..core.recipe import Recipe
from ..core.whole_file import create_file, mend_of, try_place
from .explain import explain


def load_recipe(path: Path | None) -> Recipe:
    """Return the recipe written in `path`, or the default recipe for None.

    Raises SettingsError naming the file, the key and what is wrong with it.
    """
    if path is None:
        return Recipe()
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
        if isinstance(named := written.get("calibration"), str):
            written["calibration"] = load_calibration(path.parent / named)
        return Recipe.model_validate(written)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: not a readable recipe ({error}); mend the file.") from None
    except ValidationError as error:
        raise SettingsError(explain(error, path, "docs/reference/recipe.md")) from None


def load_calibration(path: Path) -> Calibration:
    """Return the calibration written in `path`. Raises SettingsError."""
    try:
        return Calibration.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            f"{path}: not a readable calibration ({error}); name the file that "
            "`edgeinspect camera calibrate` wrote."
        ) from None
    except ValidationError as error:
        raise SettingsError(explain(error, path, "docs/reference/measuring.md")) from None


def write_calibration(path: Path, calibration: Calibration) -> None:
    """Write a calibration to a new file, whole or not at all. Raises SettingsError."""
    _write_new(path, tomli_w.dumps(calibration.model_dump(exclude_none=True)))


def check_made_for(recipe: Recipe, model: ModelRef) -> None:
    """Raise SettingsError when the recipe was made for another model."""
    if recipe.model is not None and recipe.model != model.sha256:
        raise SettingsError(
            f"recipe {recipe.name} was made for model {recipe.model[:12]}, and this is "
            f"{model.name} {model.sha256[:12]}; name the right model, or mend the recipe."
        )


def check_new(path: Path) -> None:
    """Try, before the work, whether a new file can be written to `path`. Raises SettingsError."""
    if path.exists():
        raise SettingsError(f"{path}: is there already; name a new file.")
    if not path.parent.is_dir():
        raise SettingsError(f"{path}: its folder does not exist; make it first.")
    try:
        try_place(path)
    except OSError as error:
        raise _unwritten(path, error) from None


def write_recipe(path: Path, recipe: Recipe, why: str) -> None:
    """Write a recipe to a new file, whole or not at all, with `why` (a line or more) as a comment.

    Raises SettingsError when the file is there already or cannot be written.
    """
    comment = "".join(f"# {line}\n" for line in why.splitlines())
    _write_new(path, comment + tomli_w.dumps(recipe.model_dump(mode="json", exclude_none=True)))


def _write_new(path: Path, text: str) -> None:
    try:
        create_file(path, text.encode())
    except FileExistsError:
        raise SettingsError(f"{path}: is there already; name a new file.") from None
    except OSError as error:
        raise _unwritten(path, error) from None


def _unwritten(path: Path, error: OSError) -> SettingsError:
    return SettingsError(f"{path}: cannot be written ({error.strerror}); {mend_of(error)}.")
