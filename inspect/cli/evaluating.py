"""Evaluates one model, or several on the same images, while a person watches."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.errors import SettingsError
from ..core.runtime import Runtime
from ..settings.recipe_file import check_made_for, load_recipe
from .taught_here import taught_here
from .terminal import progress

if TYPE_CHECKING:
    from ..models.evaluate.compare import Comparison
    from ..models.evaluate.labelled_set import Reading
    from ..models.evaluate.report.page import Evaluated


def evaluate_models(
    folder: Path,
    models: Sequence[Path],
    recipe: Path | None,
    threads: int,
    runtime: Runtime,
    reading: "Reading",
) -> "tuple[Evaluated, ...]":
    """Judge the labelled images of `folder`, read as `reading` says, by each model and count.

    Images that one of the models was taught on are left out, for all of them, and remarked upon.
    Raises DatasetError for a folder that cannot be used, ModelError for a model that is refused,
    SettingsError for a recipe that is not for all of them.
    """
    from ..datasets.doubles import doubles_in
    from ..models.evaluate.apart import kept_apart
    from ..models.evaluate.count import count
    from ..models.evaluate.judging import judge_images
    from ..models.evaluate.labelled_set import labelled_set
    from ..models.evaluate.remarks import remarks_on_files
    from ..models.evaluate.report.page import Evaluated
    from ..models.judge import load_judge

    in_force = load_recipe(recipe)
    if len(models) > 1 and in_force.threshold is not None:
        raise SettingsError(
            f"{recipe}: sets the threshold of one model; compare models without it, "
            "each at its own threshold."
        )
    labelled = labelled_set(folder, reading)
    judges = [load_judge(model, threads=threads, runtime=runtime) for model in models]
    for judge in judges:
        check_made_for(in_force, judge.ref)
    doubles = doubles_in(folder, labelled.images)
    taught = {
        *doubles.taught,
        *taught_here(labelled.images, dict(zip(models, judges, strict=True))),
    }
    names = " or ".join(judge.manifest.name for judge in judges)
    images = kept_apart(labelled.images, taught, names)
    remarks = remarks_on_files(replace(doubles, taught=tuple(sorted(taught))))
    evaluated = []
    for path, judge in zip(models, judges, strict=True):
        with progress(f"evaluating {path.name}") as on_progress:
            judged = judge_images(images, judge, in_force, on_progress, labelled.boxes)
        result = count(judged, judge, in_force, remarks)
        evaluated.append(Evaluated(result, judged, judge.manifest))
    return tuple(evaluated)


def comparisons_of(evaluated: "Sequence[Evaluated]") -> "tuple[Comparison, ...]":
    """Hold every model but the first against the first."""
    from ..models.evaluate.compare import compare

    first = evaluated[0]
    return tuple(
        compare(first.result.model, first.judged.outcomes, each.result.model, each.judged.outcomes)
        for each in evaluated[1:]
    )


def as_document(evaluated: "Sequence[Evaluated]", comparisons: "Sequence[Comparison]") -> Any:
    """Return what a program reads: one evaluation, or all of them with their comparisons."""
    from pydantic import TypeAdapter

    from ..models.evaluate.compare import Comparison
    from ..models.evaluate.measures import Evaluation

    results = [TypeAdapter(Evaluation).dump_python(each.result, mode="json") for each in evaluated]
    if len(results) == 1:
        return results[0]
    compared = TypeAdapter(list[Comparison]).dump_python(list(comparisons), mode="json")
    return {"models": results, "comparisons": compared}
