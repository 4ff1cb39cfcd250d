"""`edgeinspect gauge`: a recipe's gauges tried on pictures, before a line relies on them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...core.errors import DatasetError, SettingsError
from ...core.whole_file import replace_file
from ..gauge_lines import (
    GaugedPicture,
    TriedGauges,
    csv_of,
    picture_lines,
    repeated,
    repeated_lines,
)
from ..options import Json
from ..terminal import out, plain, print_json, progress

if TYPE_CHECKING:
    from ...core.frame import Image
    from ...core.judgement import Laid
    from ...models.judge import ModelJudge


def gauge(
    images: Annotated[Path, typer.Argument(help="Image, or folder of images")],
    recipe: Annotated[Path, typer.Option("--recipe", help="Recipe file (TOML) with gauges")],
    model: Annotated[
        Path | None, typer.Option("--model", "-m", help="Model that lays parts upright (.onnx)")
    ] = None,
    csv: Annotated[Path | None, typer.Option(help="Write the values there (.csv)")] = None,
    draw: Annotated[
        Path | None, typer.Option(help="Folder to draw the gauges' places into, for each picture")
    ] = None,
    as_json: Json = False,
) -> None:
    """Measure pictures by a recipe's gauges: value, uncertainty, limits; and how they repeat."""
    from ...datasets.images import list_images, read_image
    from ...measuring.draw import drawn
    from ...measuring.measure import measure
    from ...models.judge import load_judge
    from ...settings.load import make_folder
    from ...settings.recipe_file import load_recipe

    in_force = load_recipe(recipe)
    if not in_force.gauges:
        raise SettingsError(f"{recipe}: has no gauges; write one below [[gauges]].")
    if not images.exists():
        raise DatasetError(f"{images}: is not there; name an image, or a folder of images.")
    judge = None if model is None else load_judge(model)
    files = list_images(images) if images.is_dir() else (images,)
    if draw is not None:
        make_folder(draw)
    pictures = []
    with progress("measuring") as on_progress:
        for number, file in enumerate(files, 1):
            image = read_image(file)
            laid, doubt = _laid(image, judge)
            found = () if doubt else measure(image, in_force.gauges, in_force.calibration, laid)
            pictures.append(GaugedPicture.of(str(file), found, doubt))
            if draw is not None:
                replace_file(draw / f"{file.stem}.png", drawn(image, in_force.gauges, laid))
            on_progress(number, len(files))
    if csv is not None:
        replace_file(csv, csv_of(pictures).encode())
    tried = TriedGauges(tuple(pictures), repeated(pictures))
    if as_json:
        print_json(tried.document())
        return
    for line in (*picture_lines(tried.pictures), *repeated_lines(tried.values)):
        out.print(plain(line), markup=False)


def _laid(image: "Image", judge: "ModelJudge | None") -> "tuple[Laid | None, str | None]":
    """Return where the part lies, and why that is in doubt."""
    if judge is None or judge.manifest.upright is None:
        return None, None
    placed = judge.place(image)
    return placed.part_to_frame, placed.doubt
