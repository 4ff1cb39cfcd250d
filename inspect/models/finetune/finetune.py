"""`edgeinspect finetune`: from labelled images to a detector that may judge."""

import json
from dataclasses import replace
from pathlib import Path

from ...core.errors import ModelError
from ..envelope import check_place
from ..progress import OnProgress, Tell, silent, tell_nobody
from .asked import Asked, Finetuned
from .deliver import Trained, deliver
from .follow import follow
from .launch import trainer_python
from .plan import DATA, TRAINED, Plan
from .prepare import Prepared, prepare
from .run_folder import held, mark_run, open_run, run_folder, writing
from .small_data import training_for
from .stage import DATA_YAML, stage

COMPARED_IMAGES = 4
LICENCE = (
    "trained by ultralytics, AGPL-3.0 software, in a process of its own: who serves models made "
    "with it has to meet that licence, or hold another from its owner"
)
PICKLE = "a .pt file is a pickle: only networks that ultralytics itself defines are loaded from it"


def finetune(asked: Asked, tell: Tell = tell_nobody, on_progress: OnProgress = silent) -> Finetuned:
    """Fine-tune a detector and write it, whole or not at all.

    Raises DatasetError for images or labels that cannot be used, ModelError when training fails
    or the model cannot be written. What was stopped goes on in the folder beside the output.
    """
    _check(asked)
    python = trainer_python()
    tell(LICENCE)
    if asked.from_weights:
        tell(PICKLE)
    prepared = prepare(asked.data, asked.seed, asked.region_px, on_progress)
    tell(str(prepared))
    folder = run_folder(asked.output)
    with held(folder):
        plan = _begin(asked, prepared, folder, tell)
        ready = follow(python, folder, plan, tell, on_progress)
        said = json.loads((folder / TRAINED).read_text(encoding="utf-8"))
        trained = Trained(folder, prepared, ready["ultralytics"], said["licence"])
        model, same = deliver(asked, trained)
        with writing(folder):
            mark_run(folder, prepared.sha256, finished=True)
    return Finetuned(
        manifest=model.manifest,
        map50=said["map50"],
        map50_95=said["map50_95"],
        epochs=said["epochs"],
        best_epoch=said["best_epoch"],
        stopped_early=said["stopped_early"],
        train_images=len(prepared.parted.train),
        val_images=len(prepared.parted.val),
        shared=prepared.parted.shared,
        boxes_compared=same.boxes,
    )


def _check(asked: Asked) -> None:
    check_place(asked.output)
    if not asked.from_weights and not asked.start.endswith((".yaml", ".yml")):
        raise ModelError(f"{asked.start}: no weights (.pt) and no network (.yaml); name one.")
    if asked.from_weights and not Path(asked.start).is_file():
        raise ModelError(
            f"{asked.start}: no such file of weights; nothing is fetched, put it there."
        )


def _begin(asked: Asked, prepared: Prepared, folder: Path, tell: Tell) -> Plan:
    """Lay everything out for the trainer, in a new run or in one that goes on."""
    plan = _plan(asked, len(prepared.parted.train), folder)
    with writing(folder):
        if open_run(folder, plan, prepared.sha256, resume=asked.resume):
            tell("going on where it was interrupted")
        mark_run(folder, prepared.sha256, finished=False)
        laid = stage(folder / DATA, prepared)
        plan = replace(plan, compare=tuple(map(str, laid[:COMPARED_IMAGES])))
        plan.write(folder)
    return plan


def _plan(asked: Asked, images: int, folder: Path) -> Plan:
    training = training_for(images, from_weights=asked.from_weights, epochs=asked.epochs)
    return Plan(
        data=str((folder / DATA / DATA_YAML).resolve()),
        start=str(Path(asked.start).resolve()) if asked.from_weights else asked.start,
        side_px=asked.side_px,
        epochs=training.epochs,
        patience=training.patience,
        batch=asked.batch or training.batch,
        freeze=training.freeze,
        mosaic=training.mosaic,
        close_mosaic=training.close_mosaic,
        learning_rate=training.learning_rate,
        seed=asked.seed,
        device=asked.device,
        threads=asked.threads,
        compare=(),
    )
