"""`edgeinspect config`: check and show the settings."""

import json
from typing import Any

from pydantic import BaseModel, SecretStr

from ...core.views import joins_views
from ...settings.load import find_settings
from ...settings.recipe_file import load_recipe
from ...settings.recipe_folder import recipe_files
from ...settings.station import StationSettings
from ...settings.tree import Settings
from ..options import Config, Data, Json, settings_of
from ..terminal import out, print_json


def check(config: Config = None, data: Data = None, as_json: Json = False) -> None:
    """Read the settings with the recipe and keys they name, and say whether they can be used."""
    settings = settings_of(config, data)
    for each in settings.of_each_station:
        _check_station(each.station)
    source = str(find_settings(config) or "the defaults")
    if as_json:
        print_json({"ok": True, "source": source})
    else:
        out.print(f"{source}: the settings can be used", markup=False)


def _check_station(station: StationSettings) -> None:
    from ...camera.code_camera import check_code_camera
    from ...models.keys import read_public_key
    from ...station.gate.gate import check_timed
    from ...station.triggers.open import check_trigger

    check_timed(station, load_recipe(station.recipe))
    if station.recipes is not None:
        recipe_files(station.recipes)
    for key in station.trusted_keys:
        read_public_key(key)
    if station.camera and not joins_views(station.camera):
        check_trigger(station.trigger, station.camera)
        check_code_camera(station.code_camera, station.camera)


def show(config: Config = None, data: Data = None, as_json: Json = False) -> None:
    """Print every setting in force with what it means, as a settings file."""
    settings = settings_of(config, data)
    if as_json:
        print_json(settings.model_dump(mode="json", exclude={_unused(settings)}))
        return
    out.print(f"# {find_settings(config) or 'no settings file: the defaults'}", markup=False)
    _show(settings, "")


def _show(section: BaseModel, name: str) -> None:
    fields = type(section).model_fields
    values = {key: getattr(section, key) for key in fields}
    if isinstance(section, Settings):
        del values[_unused(section)]
    for key, value in values.items():
        if not isinstance(value, BaseModel | dict):
            title = fields[key].title or fields[key].description
            out.print(f"{_setting(key, value)}  # {title}", markup=False)
    for key, value in values.items():
        path = f"{name}.{key}" if name else key
        for where, table in _tables(path, value):
            out.print(f"\n[{where}]", markup=False)
            _show(table, where)


def _unused(settings: Settings) -> str:
    """Return which table of stations the settings do not use."""
    return "station" if settings.stations else "stations"


def _tables(path: str, value: Any) -> list[tuple[str, BaseModel]]:
    if isinstance(value, dict):
        return [(f"{path}.{_key(name)}", table) for name, table in value.items()]
    return [(path, value)] if isinstance(value, BaseModel) else []


def _key(name: str) -> str:
    """Return a station's name as a key of TOML: one with a dot is quoted."""
    return json.dumps(name) if "." in name else name


def _setting(key: str, value: Any) -> str:
    """Return a line of TOML; what is unset or secret is a comment, so that the file can be used."""
    if value is None:
        return f"# {key} is not set"
    if isinstance(value, SecretStr):
        return f"# {key} is set"
    # For texts, numbers, booleans and lists of texts, JSON is TOML.
    return f"{key} = {json.dumps(value, default=str)}"
