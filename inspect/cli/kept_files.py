"""The files that settings name and that nobody could make anew, for a backup."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import BaseModel, SecretStr

from ..core.errors import SettingsError
from ..core.regular_file import read_regular_file
from ..settings.load import FILE_NAME
from ..settings.recipe_folder import recipe_files
from ..settings.station import StationSettings
from ..settings.tree import Settings

MOST_BYTES = 125_000_000
"""A model file has no more than 120 MB."""
_PRIVATE = b"PRIVATE KEY-----"
_IN_URL = ((r"(://[^/:@]*):.*@", r"\1@"), (r"([?&]password=)[^&]*", r"\1"))
"""Where a URL has its password, and what stays of it."""


def kept_files(settings: Settings, source: Path | None) -> tuple[dict[str, bytes], list[str]]:
    """Return what is kept, by name, and a sentence for each file that is not.

    Kept are the settings file `source` without its passwords, the models and recipes, and the
    public keys and certificates named in it. Private keys never are.
    """
    kept: dict[str, bytes] = {}
    left_out: list[str] = []
    if source is not None:
        kept[FILE_NAME] = _without_secrets(source, settings)
    for kind, path in dict.fromkeys(_named(settings)):
        try:
            content = read_regular_file(path, MOST_BYTES + 1)
        except OSError as error:
            left_out.append(f"{path}: cannot be read ({error.strerror}), so it is left out")
            continue
        if _PRIVATE in content[:10_000]:
            left_out.append(f"{path}: is a private key, so it is left out")
        elif len(content) > MOST_BYTES:
            left_out.append(f"{path}: is too large, so it is left out")
        else:
            kept[_name(kind, path, kept)] = content
    return kept, left_out


def _named(settings: Settings) -> Iterator[tuple[str, Path]]:
    for each in settings.of_each_station:
        yield from _named_by(each.station)
    if settings.mqtt.ca_file is not None:
        yield "ca", settings.mqtt.ca_file


def _named_by(station: StationSettings) -> Iterator[tuple[str, Path]]:
    if station.model is not None:
        yield "model", station.model
    if station.recipe is not None:
        yield "recipe", station.recipe
    if station.recipes is not None:
        yield from (("recipe", path) for path in recipe_files(station.recipes))
    if station.models is not None:
        yield from (("model", path) for path in sorted(station.models.glob("*.onnx")))
    yield from (("trusted_key", path) for path in station.trusted_keys)


def _without_secrets(source: Path, settings: Settings) -> bytes:
    try:
        tree = tomllib.loads(source.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{source}: cannot be read ({error}); check the file.") from None
    _drop_secrets(tree, settings)
    return tomli_w.dumps(tree).encode()


def _drop_secrets(tree: dict[str, Any], section: BaseModel) -> None:
    for key in type(section).model_fields:
        value = getattr(section, key)
        if isinstance(value, SecretStr):
            tree.pop(key, None)
        elif isinstance(value, BaseModel) and isinstance(tree.get(key), dict):
            _drop_secrets(tree[key], value)
        elif isinstance(value, dict) and isinstance(tree.get(key), dict):
            for name, each in value.items():
                if isinstance(tree[key].get(name), dict):  # else the environment names it
                    _drop_secrets(tree[key][name], each)
        elif isinstance(tree.get(key), str):
            for found, stays in _IN_URL:
                tree[key] = re.sub(found, stays, tree[key])


def _name(kind: str, path: Path, taken: dict[str, bytes]) -> str:
    """Return a name that is safe in any folder, and not taken."""
    safe = re.sub(r"[^A-Za-z0-9._-]", "_", path.name)[-40:]
    plain = f"{kind}-{safe}"
    return plain if plain not in taken else f"{kind}-{len(taken)}-{safe}"
