"""`edgeinspect model import`: wrap a detector or classifier from elsewhere."""

import getpass
from pathlib import Path
from typing import Annotated

import typer

from ...core.counted import counted
from ...core.errors import ModelError
from ...core.manifest import Resize
from ...datasets.images import list_images
from ...models.wrap.declared import USUAL, Colours, InputForm, Layout, Scaling
from ..naming import model_name, names_of
from ..options import Json, NewModel
from ..region import region_of
from ..terminal import out, print_json

Source = Annotated[Path, typer.Argument(help="ONNX file that another program exported")]
InLayout = Annotated[Layout, typer.Option("--layout", help="How it lays out its answer")]
Classes = Annotated[str, typer.Option("--classes", help="Names of its classes in order, by commas")]
Images = Annotated[Path, typer.Option("--images", help="Folder of frames as it will judge them")]
Licence = Annotated[str, typer.Option("--licence", help="Licence of its weights (SPDX identifier)")]
Good = Annotated[str, typer.Option("--good", help="Classes of good parts; a classifier needs some")]
Threshold = Annotated[
    float, typer.Option("--threshold", min=0, max=1, help="Score from which a part fails")
]
InResize = Annotated[
    Resize | None, typer.Option("--resize", help="How a frame is laid into its input")
]
InScaling = Annotated[Scaling | None, typer.Option("--scaling", help="Numbers that it takes")]
InColours = Annotated[Colours | None, typer.Option("--colours", help="Order of colours it takes")]
Overlap = Annotated[
    float, typer.Option("--overlap", min=0, max=1, help="Overlap of two boxes at most")
]
InRegion = Annotated[
    str | None, typer.Option("--region", help="What of the frame is judged, as teach takes it")
]
Size = Annotated[int | None, typer.Option("--size", min=32, max=4096, help="Side, where left open")]


def import_model(
    source: Source,
    output: NewModel,
    layout: InLayout,
    classes: Classes,
    images: Images,
    licence: Licence,
    good: Good = "",
    threshold: Threshold = 0.25,
    resize: InResize = None,
    scaling: InScaling = None,
    colours: InColours = None,
    overlap: Overlap = 0.7,
    size: Size = None,
    region: InRegion = None,
    name: Annotated[str | None, typer.Option(help="Name of the model; else the file's")] = None,
    as_json: Json = False,
) -> None:
    """Wrap a detector or classifier that was exported as ONNX into a model that proves itself."""
    from ...datasets.labels.check import checked_classes
    from ...models.wrap.import_model import Imported
    from ...models.wrap.import_model import import_model as run
    from ...models.wrap.wrap import Declared

    usual = USUAL[layout]
    form = InputForm(resize or usual.resize, scaling or usual.scaling, colours or usual.colours)
    named = checked_classes(names_of(classes), "--classes")
    declared = Declared(layout, form, named, _good(layout, named, names_of(good)), overlap)
    corners = region_of(region) if region else ()
    who = getpass.getuser()
    said = Imported(name or model_name(output), who, licence, threshold, size, corners)
    manifest = run(source, output, declared, said, list_images(images))
    if as_json:
        print_json(manifest.model_dump(mode="json"))
        return
    of = counted(len(named), "class", "classes")
    out.print(f"{output}: a {manifest.family} of {of}", markup=False)
    out.print(f"see what it finds: edgeinspect inspect {images} -m {output}", markup=False)


def _good(layout: Layout, classes: tuple[str, ...], good: tuple[str, ...]) -> tuple[str, ...]:
    """Return a classifier's classes of good parts: those named, else the one called `good`."""
    if layout is not Layout.CLASSIFIER:
        if good:
            raise ModelError("--good: a detector has no class of good parts; leave it out.")
        return ()
    good = good or tuple(name for name in classes if name == "good")
    strange = [name for name in good if name not in classes]
    if strange:
        raise ModelError(f"--good: '{strange[0]}' is none of the classes; name one of them.")
    if not good or len(good) == len(classes):
        raise ModelError("--good: name the classes of good parts, some of the classes but not all.")
    return good
