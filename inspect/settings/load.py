"""Reads the settings once, at the door."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..core.errors import SettingsError
from .explain import explain
from .tree import Settings

FILE_NAME = "edgeinspect.toml"
ENV_PREFIX = "EDGEINSPECT__"
SYSTEM_FOLDER = Path("/etc/edgeinspect")


def find_settings(config: Path | None = None) -> Path | None:
    """Return the settings file in force: `config`, else the working folder's, else the system's.

    A working folder that this user may not look into holds none.
    Raises SettingsError when `config` is named and missing, or a file may not be looked at.
    """
    if config is not None:
        if not _is_file(config):
            raise SettingsError(f"{config}: no such settings file; name one that exists.")
        return config
    folders = (Path.cwd(), SYSTEM_FOLDER) if os.access(".", os.X_OK) else (SYSTEM_FOLDER,)
    return next((path for folder in folders if _is_file(path := folder / FILE_NAME)), None)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except PermissionError:
        raise SettingsError(
            f"{path}: this user may not look there; correct the folder's rights, or use sudo."
        ) from None


def load_settings(
    path: Path | None, environment: Mapping[str, str] = os.environ, data: Path | None = None
) -> Settings:
    """Return the settings of `path` (TOML), overlaid by `EDGEINSPECT__SECTION__KEY` and `data`.

    Raises SettingsError naming the file, the key and what is wrong with it.
    """
    tree = {} if path is None else _read_toml(path)
    for name, value in environment.items():
        if name.startswith(ENV_PREFIX):
            _overlay(tree, name, value)
    if data is not None:
        tree["data"] = data
    try:
        return Settings.model_validate(tree)
    except ValidationError as error:
        where = path or "the environment"
        raise SettingsError(explain(error, where, "`edgeinspect config show`")) from None


def make_folder(path: Path) -> Path:
    """Make a folder that settings name, unless it is there, and return it.

    Raises SettingsError when that cannot be.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"{path}: cannot be made a folder ({error.strerror}); name another with data."
        ) from None
    return path


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read ({error}); check the file.") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: not valid TOML ({error}); mend that line.") from None


def _overlay(tree: dict[str, Any], name: str, value: str) -> None:
    *sections, key = name.removeprefix(ENV_PREFIX).lower().split("__")
    node = tree
    for section in sections:
        node = node.setdefault(section, {})
        if not isinstance(node, dict):
            raise SettingsError(f"{name}: {section} is a value, not a section; unset {name}.")
    node[key] = value
