"""From a camera's URL to the source it names."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

from pydantic import TypeAdapter, ValidationError

from ..core.errors import CameraError
from .folder import FolderCamera, FolderSource
from .source import Source

_FOLDER = TypeAdapter(FolderCamera)
_OPTIONS = tuple(field.name for field in fields(FolderCamera) if field.name != "folder")


def open_camera(url: str) -> Source:
    """Open the source that `url` names, such as `folder:/images?rate=5&loop=true`.

    Raises CameraError for a URL that names none, DatasetError for a folder without images.
    """
    return FolderSource(parse_folder_url(url))


def parse_folder_url(url: str, **defaults: Any) -> FolderCamera:
    """Return the folder camera written in `url`; `defaults` hold where the URL is silent.

    A `?`, `#` or `%` in the folder's name is written %3F, %23, %25.
    Raises CameraError for another kind of URL, an unknown option or a value out of range.
    """
    kind, _, rest = url.partition(":")
    path, _, query = rest.partition("?")
    if kind != "folder" or not path:
        raise CameraError(
            f"{_shown(url)}: not a camera this version knows; write folder:/path/to/images?rate=5."
        )
    options = defaults | dict(parse_qsl(query, keep_blank_values=True))
    unknown = sorted(options.keys() - set(_OPTIONS))
    if unknown:
        raise CameraError(
            f"{_shown(url)}: unknown option {unknown[0]}; the options are {', '.join(_OPTIONS)}."
        )
    try:
        return _FOLDER.validate_python({"folder": Path(unquote(path)), **options})
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise CameraError(f"{_shown(url)}: {key}: {first['msg']}; mend that value.") from None


def _shown(url: str) -> str:
    """Return `url` as it may be shown: without a password."""
    return repr(re.sub(r"//[^/@]*@", "//***@", url))
