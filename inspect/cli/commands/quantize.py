"""A model in 8 bits, for boxes whose processor counts faster in them."""

from pathlib import Path
from typing import Annotated

import typer

from ..options import Folder, Json, NewModel, Threads
from ..quantizing import quantised_sentence, quantize_model
from ..tables import threshold_sentence
from ..terminal import out, print_json


def quantize(
    model: Annotated[Path, typer.Argument(help="Model file (.onnx)")],
    folder: Folder,
    output: NewModel,
    most_loss: Annotated[
        float, typer.Option(min=0, max=0.1, help="Image AUROC that may be lost, 0 to 0.1")
    ] = 0.005,
    threads: Threads = 2,
    as_json: Json = False,
) -> None:
    """Count a model's convolutions in 8 bits; refused when that loses more than is allowed."""
    manifest = quantize_model(model, folder, output, most_loss, threads)
    if as_json:
        print_json(manifest.model_dump(mode="json"))
        return
    assert manifest.quantised is not None
    out.print(f"{output}: {quantised_sentence(manifest.quantised)}", markup=False)
    out.print(threshold_sentence(manifest.threshold), markup=False)
