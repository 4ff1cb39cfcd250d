"""`edgeinspect dataset`: make and look at data sets."""

from pathlib import Path
from typing import Annotated

import typer

from ..terminal import out, progress


def sample(
    folder: Annotated[Path, typer.Argument(help="Folder to make; must be empty or missing")],
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same pictures")] = 7,
) -> None:
    """Draw the sample: machined washers on a belt, good ones and defective ones."""
    from ...datasets.sample.generate import generate_sample

    with progress("drawing washers") as on_progress:
        generate_sample(folder, seed=seed, on_image=on_progress)
    out.print(f"{folder}: drawn; teach it with `edgeinspect teach {folder} -o washer.onnx`")
