"""The commands around a model: teach, inspect, bench."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ...core.manifest import Grade
from ...core.runtime import Runtime as RuntimeName
from ...datasets.labels.read import Form
from ..naming import names_of
from ..options import Folder, Json, Model, NewModel, Recipe, Runtime, Threads
from ..region import region_of
from ..tables import inspection_lines, known_lines, pairs_table, threshold_sentence
from ..teaching import FirstTeaching, Taught, take_back_last, teach_model, teach_model_more
from ..terminal import err, out, print_json, progress


def teach(
    folder: Folder,
    output: NewModel,
    name: Annotated[str | None, typer.Option(help="Name of the model; else the file's")] = None,
    grade: Annotated[
        Grade | None,
        typer.Option(help="fast (unless said), or accurate for lines that leave the time"),
    ] = None,
    smallest_defect: Annotated[
        float | None,
        typer.Option(min=1, max=4096, help="Smallest defect to be found, in pixels of the frame"),
    ] = None,
    defects: Annotated[
        Path | None,
        typer.Option(help="Folder of marked defects to know: masks in MVTec AD's layout, or boxes"),
    ] = None,
    classes: Annotated[
        str,
        typer.Option(help="Names of the marked boxes' classes, by commas, where labels lack them"),
    ] = "",
    labels: Annotated[
        Form | None, typer.Option(help="Form of the marked boxes; else told by what lies there")
    ] = None,
    region: Annotated[
        str,
        typer.Option(
            help="What of the frame is judged: two corners of a box, or those of a polygon, in "
            'pixels, as "40,20 600,440"'
        ),
    ] = "",
    add_to: Annotated[
        Path | None, typer.Option(help="Model to fold the images into, instead of a new one")
    ] = None,
    as_json: Json = False,
) -> None:
    """Teach a model from good parts, and marked defects if there are any, or teach one more."""
    corners = region_of(region) if region else ()
    named = names_of(classes)
    first = FirstTeaching(name, grade, smallest_defect, defects, named, labels, corners)
    replaced = output != add_to and output.exists()
    if add_to is None:
        taught = teach_model(folder, output, first)
    else:
        first.refuse_beside_add_to()
        taught = teach_model_more(folder, add_to, output)
    _show(taught, output, as_json)
    if replaced:
        err.print(f"{output}: took the place of the model that was there", markup=False)
    if not as_json and (folder / "test").is_dir():
        out.print(f"see what it catches: edgeinspect evaluate {folder} -m {output}", markup=False)


def unteach(
    model: Annotated[Path, typer.Argument(help="Model file (.onnx) that was taught more")],
    output: NewModel,
    as_json: Json = False,
) -> None:
    """Take a model's last addition back."""
    _show(take_back_last(model, output), output, as_json)


def _show(taught: Taught, output: Path, as_json: bool) -> None:
    if as_json:
        print_json(taught.manifest.model_dump(mode="json") | {"taught_s": taught.taught_s})
        return
    out.print(f"{output}: taught in {taught.taught_s:.1f} s", markup=False)
    out.print(threshold_sentence(taught.manifest.threshold), markup=False)
    for line in known_lines(taught.manifest.known):
        out.print(line, markup=False)


def inspect(
    images: Annotated[Path, typer.Argument(help="Image, or folder of images")],
    model: Model,
    recipe: Recipe = None,
    threads: Threads = 2,
    runtime: Runtime = RuntimeName.AUTO,
    as_json: Json = False,
) -> None:
    """Judge an image or a folder of images; with --json, as Inspections of the MQTT contract."""
    from ...models.judge import load_judge
    from ...settings.recipe_file import load_recipe
    from ...station.inspector import Inspector
    from ..batch import inspect_files

    judge = load_judge(model, threads=threads, runtime=runtime)
    inspector = Inspector(judge, load_recipe(recipe))
    with progress("judging") as on_progress:
        inspected = inspect_files(images, inspector, on_progress)
    if as_json:
        print_json([inspection.model_dump(mode="json") for _, inspection in inspected])
    else:
        out.print(*inspection_lines(inspected), sep="\n")


def bench(
    model: Model,
    threads: Threads = 2,
    runtime: Runtime = RuntimeName.AUTO,
    runs: Annotated[int, typer.Option(min=10, max=10_000, help="Interleaved runs")] = 200,
    as_json: Json = False,
) -> None:
    """Time the model alone and the whole way from frame to verdict, side by side."""
    from ...models.bench import bench as bench_model
    from ...models.judge import load_judge

    err.print(f"timing {runs} interleaved runs with {threads} threads")
    judge = load_judge(model, threads=threads, runtime=runtime)
    result = bench_model(judge, threads=threads, runs=runs)
    if as_json:
        print_json(asdict(result))
    else:
        out.print(pairs_table("bench", asdict(result)))
