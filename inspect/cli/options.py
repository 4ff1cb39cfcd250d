"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from ..core.runtime import Runtime as RuntimeName
from ..settings.load import find_settings, load_settings
from ..settings.tree import Settings

Config = Annotated[
    Path | None,
    typer.Option("--config", help="Settings file; else ./edgeinspect.toml, else /etc/edgeinspect"),
]
Data = Annotated[Path | None, typer.Option("--data", help="Folder for everything this box keeps")]
Folder = Annotated[Path, typer.Argument(help="Data set: MVTec AD's layout, or a folder of images")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read")]
Model = Annotated[Path, typer.Option("--model", "-m", help="Model file (.onnx)")]
Threads = Annotated[int, typer.Option("--threads", min=1, max=64, help="Threads of the judge")]
Runtime = Annotated[
    RuntimeName,
    typer.Option("--runtime", help="What runs the model; auto: the faster one that proves it"),
]
Recipe = Annotated[Path | None, typer.Option("--recipe", help="Recipe file (TOML)")]

TrustedKeys = Annotated[
    list[Path] | None,
    typer.Option("--trusted-key", help="Public key (PEM) that must have signed it; repeatable"),
]


def settings_of(config: Path | None, data: Path | None) -> Settings:
    """Return the settings in force for a command.

    Raises SettingsError naming the file, the key and what is wrong with it.
    """
    return load_settings(find_settings(config), data=data)
