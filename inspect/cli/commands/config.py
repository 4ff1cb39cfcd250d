"""`edgeinspect config`: check and show the settings."""

import json
from typing import Any

import typer
from pydantic import BaseModel, SecretStr

from ...camera.code_camera import check_code_camera
from ...models.keys import read_public_key
from ...settings.load import find_settings
from ...settings.recipe_file import load_recipe
from ...settings.recipe_folder import recipe_files
from ...station.triggers.open import check_trigger
from ..options import Config, Data, Json, settings_of
from ..terminal import out, print_json

app = typer.Typer(no_args_is_help=True)


@app.command()
def check(config: Config = None, data: Data = None, as_json: Json = False) -> None:
    """Read the settings with the recipe and keys they name, and say whether they can be used."""
    settings = settings_of(config, data)
    load_recipe(settings.station.recipe)
    if settings.station.recipes is not None:
        recipe_files(settings.station.recipes)
    for key in settings.station.trusted_keys:
        read_public_key(key)
    if settings.station.camera:
        check_trigger(settings.station.trigger, settings.station.camera)
        check_code_camera(settings.station.code_camera, settings.station.camera)
    source = str(find_settings(config) or "the defaults")
    if as_json:
        print_json({"ok": True, "source": source})
    else:
        out.print(f"{source}: the settings can be used", markup=False)


@app.command()
def show(config: Config = None, data: Data = None, as_json: Json = False) -> None:
    """Print every setting in force with what it means, as a settings file."""
    settings = settings_of(config, data)
    if as_json:
        print_json(settings.model_dump(mode="json"))
        return
    out.print(f"# {find_settings(config) or 'no settings file: the defaults'}", markup=False)
    _show(settings, "")


def _show(section: BaseModel, name: str) -> None:
    fields = type(section).model_fields
    values = {key: getattr(section, key) for key in fields}
    for key, value in values.items():
        if not isinstance(value, BaseModel):
            title = fields[key].title or fields[key].description
            out.print(f"{_setting(key, value)}  # {title}", markup=False)
    for key, value in values.items():
        if isinstance(value, BaseModel):
            path = f"{name}.{key}" if name else key
            out.print(f"\n[{path}]", markup=False)
            _show(value, path)


def _setting(key: str, value: Any) -> str:
    """Return a line of TOML; what is unset or secret is a comment, so that the file can be used."""
    if value is None:
        return f"# {key} is not set"
    if isinstance(value, SecretStr):
        return f"# {key} is set"
    # For texts, numbers, booleans and lists of texts, JSON is TOML.
    return f"{key} = {json.dumps(value, default=str)}"
