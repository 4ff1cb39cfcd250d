"""`edgeinspect finetune`: teach a detector from labelled defects, in a process of its own."""

import getpass
import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ...core.errors import ModelError
from ...datasets.labels.read import Form, read_boxes
from ...datasets.labels.unlabelled import Unlabelled
from ..finetuned_lines import finetuned_warnings
from ..naming import model_name, names_of
from ..options import Json, NewModel
from ..region import region_of
from ..tables import pairs_table
from ..terminal import err, out, print_json, progress, tell

Dataset = Annotated[Path, typer.Argument(help="Folder of images with boxes: YOLO, COCO, VOC, text")]
Weights = Annotated[
    Path | None, typer.Option("--weights", help="Weights to start from (.pt); else from nothing")
]
Network = Annotated[str, typer.Option("--network", help="Network to start from nothing with")]
Labels = Annotated[
    Form | None, typer.Option("--labels", help="Form of the labels; else told by what lies there")
]
Classes = Annotated[str, typer.Option("--classes", help="Names of the classes, by commas")]
OfUnlabelled = Annotated[
    Unlabelled, typer.Option("--unlabelled", help="Images without a label: refuse, good, skip")
]
Size = Annotated[int, typer.Option("--size", min=64, max=2048, help="Side of the input in pixels")]
Epochs = Annotated[int | None, typer.Option("--epochs", min=1, help="Rounds; else by the images")]
Batch = Annotated[int | None, typer.Option("--batch", min=1, help="Images a step; else likewise")]
Device = Annotated[str, typer.Option("--device", help="cpu, 0, 0,1; else a GPU where there is one")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Of the split and of the training")]
TrainerThreads = Annotated[
    int | None, typer.Option("--threads", min=1, max=64, help="Threads on the CPU; else all cores")
]
InRegion = Annotated[
    str | None, typer.Option("--region", help="What of the frame is judged, as teach takes it")
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with a run that was interrupted")]


def finetune(
    dataset: Dataset,
    output: NewModel,
    weights: Weights = None,
    network: Network = "yolo11n.yaml",
    labels: Labels = None,
    classes: Classes = "",
    unlabelled: OfUnlabelled = Unlabelled.REFUSE,
    size: Size = 640,
    epochs: Epochs = None,
    batch: Batch = None,
    device: Device = "",
    seed: Seed = 0,
    threads: TrainerThreads = None,
    region: InRegion = None,
    resume: Resume = False,
    name: Annotated[str | None, typer.Option(help="Name of the model; else the file's")] = None,
    as_json: Json = False,
) -> None:
    """Teach a detector from labelled defects, with ultralytics (AGPL-3.0), offline."""
    from ...models.finetune.asked import Asked
    from ...models.finetune.finetune import finetune as run

    if size % 32:
        raise ModelError(f"--size {size}: not a multiple of 32; give {size // 32 * 32 or 32}.")
    data = read_boxes(dataset, form=labels, names=names_of(classes), unlabelled=unlabelled)
    asked = Asked(
        data=data,
        output=output,
        name=name or model_name(output),
        created_by=getpass.getuser(),
        start=str(weights) if weights else network,
        side_px=size,
        epochs=epochs,
        batch=batch,
        seed=seed,
        device=device,
        threads=threads or len(os.sched_getaffinity(0)),
        resume=resume,
        region_px=region_of(region) if region else (),
    )
    err.print(f"{data.form} labels, classes {', '.join(data.classes)}", markup=False)
    try:
        with progress("training") as on_progress:
            result = run(asked, tell, on_progress)
    except KeyboardInterrupt:
        err.print("interrupted; what was learned is kept: go on with --resume")
        raise
    for said in finetuned_warnings(result):
        tell(said)
    answer = asdict(result) | {"manifest": result.manifest.model_dump(mode="json")}
    if as_json:
        print_json(answer)
        return
    del answer["manifest"]
    out.print(pairs_table(str(output), answer))
    threshold = result.manifest.threshold
    out.print(f"threshold {threshold.value:.3g}, {threshold.method}", markup=False)
