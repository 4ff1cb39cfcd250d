"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from ..core.errors import ModelError
from ..core.runtime import Runtime as RuntimeName
from ..settings.load import find_settings, load_settings
from ..settings.tree import Settings


def new_model(path: Path | None) -> Path | None:
    """Return the name of a model file to be written.

    Raises ModelError for a folder, and for another ending than .onnx: what lies beside a model is
    named like it, with its own endings.
    """
    if path is None:
        return None
    if path.is_dir():
        raise ModelError(f"{path}: is a folder; name a file, such as {path / 'part.onnx'}.")
    if path.suffix != ".onnx":
        named = path.with_suffix(".onnx")
        raise ModelError(f"{path}: a model's name ends in .onnx; write it to {named}.")
    return path


Config = Annotated[
    Path | None,
    typer.Option("--config", help="Settings file; else ./edgeinspect.toml, else /etc/edgeinspect"),
]
Data = Annotated[Path | None, typer.Option("--data", help="Folder for everything this box keeps")]
Folder = Annotated[Path, typer.Argument(help="Data set: MVTec AD's layout, or a folder of images")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read")]
Model = Annotated[Path, typer.Option("--model", "-m", help="Model file (.onnx)")]
NewModel = Annotated[
    Path, typer.Option("--output", "-o", help="Model file to write (.onnx)", callback=new_model)
]
Threads = Annotated[int, typer.Option("--threads", min=1, max=64, help="Threads of the judge")]
Runtime = Annotated[
    RuntimeName,
    typer.Option("--runtime", help="What runs the model; auto: the faster one that proves it"),
]
Recipe = Annotated[Path | None, typer.Option("--recipe", help="Recipe file (TOML)")]

Station = Annotated[
    str | None, typer.Option("--station", help="Which station of this box, where it has several")
]
TrustedKeys = Annotated[
    list[Path] | None,
    typer.Option("--trusted-key", help="Public key (PEM) that must have signed it; repeatable"),
]


def settings_of(config: Path | None, data: Path | None) -> Settings:
    """Return the settings in force for a command.

    Raises SettingsError naming the file, the key and what is wrong with it.
    """
    return load_settings(find_settings(config), data=data)
