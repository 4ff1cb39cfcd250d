"""Thresholds to choose from, and the recipe that holds the choice."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.clock import utc_now
from ..core.counted import counted
from ..core.errors import DatasetError, SettingsError
from ..core.recipe import Recipe
from ..core.runtime import Runtime
from ..settings.recipe_file import check_made_for, write_recipe
from .taught_here import taught_here
from .terminal import err, progress
from .threshold_lines import promise_sentence, refusal

if TYPE_CHECKING:
    from ..models.evaluate.choose import Choices, Wanted


def wanted_of(
    overkill: float,
    confidence: float,
    cost_escape: float | None,
    cost_overkill: float | None,
    defect_rate: float | None,
) -> "Wanted":
    """Return what is asked for. Raises SettingsError when it is none, or only in part."""
    from ..models.evaluate.choose import Wanted
    from ..quality.tradeoff import Prices

    for name, value in (("--overkill", overkill), ("--confidence", confidence)):
        if not 0 < value < 1:
            raise SettingsError(f"{name} {value:g} is no share; give it above 0 and below 1.")
    if cost_escape is None and cost_overkill is None and defect_rate is None:
        return Wanted(overkill, confidence, None)
    if cost_escape is None or cost_overkill is None or defect_rate is None:
        raise SettingsError(
            "a least cost takes --cost-escape, --cost-overkill and --defect-rate; give all three."
        )
    try:
        return Wanted(overkill, confidence, Prices(cost_escape, cost_overkill, defect_rate))
    except ValueError as error:
        raise SettingsError(f"{error}; mend them.") from None


def choices_for(
    folder: Path,
    model: Path,
    threads: int,
    runtime: Runtime,
    recipe: Recipe,
    wanted: "Wanted",
) -> "Choices":
    """Judge the images of `folder` by a model and return what may be chosen.

    Raises DatasetError for a folder whose images support no choice, ModelError for a model that is
    refused, SettingsError for a recipe of another model.
    """
    from ..datasets.doubles import doubles_in
    from ..models.evaluate.apart import check_good_left, kept_apart, usable
    from ..models.evaluate.choose import choose
    from ..models.evaluate.judging import judge_images
    from ..models.evaluate.labelled_set import judged_images
    from ..models.evaluate.remarks import remarks_on_files, remarks_on_outcomes
    from ..models.judge import load_judge

    images = judged_images(folder)
    judge = load_judge(model, threads=threads, runtime=runtime)
    check_made_for(recipe, judge.ref)
    doubles = doubles_in(folder, images)
    single = usable(images, doubles)
    taught = taught_here(single, {model: judge})
    check_good_left(single, taught, judge.manifest.name)
    apart = kept_apart(single, taught, judge.manifest.name)
    with progress("judging") as on_progress:
        judged = judge_images(apart, judge, recipe, on_progress)
    doubles = replace(doubles, taught=(*doubles.taught, *taught))
    remarks = (*remarks_on_files(doubles), *remarks_on_outcomes(judged.outcomes))
    return choose(judged.outcomes, judge, recipe, wanted, remarks)


def write_choice(choices: "Choices", recipe: Recipe, output: Path, folder: Path) -> None:
    """Write a recipe with the threshold of least cost, or, without prices, the promised one.

    It is `recipe` with its version counted up, or a new one for the model. Raises DatasetError
    where there is no such threshold, SettingsError when the file cannot be written.
    """
    chosen, why = _chosen(choices)
    is_new = recipe == Recipe()
    update = {
        "name": choices.model.name if is_new else recipe.name,
        "version": 1 if is_new else recipe.version + 1,
        "model": choices.model.sha256,
        "threshold": chosen,
    }
    bad = counted(choices.bad, "bad part")
    basis = f"{choices.good} good and {bad} of {folder}, {utc_now():%Y-%m-%d}"
    write_recipe(output, recipe.model_copy(update=update), f"{why}\nfrom {basis}")
    err.print(f"{output}: written, threshold {chosen:.4g}", markup=False)


def _chosen(choices: "Choices") -> tuple[float, str]:
    """Return the threshold to write, and why it was chosen."""
    if choices.prices is None:
        if choices.promise.threshold is None:
            raise DatasetError(refusal(choices))
        return choices.promise.threshold, promise_sentence(choices)
    if choices.cheapest is None:
        raise DatasetError("no bad part was judged, so no cost is known; put some into test/CLASS.")
    prices, found = choices.prices, choices.cheapest
    return found.point.threshold, (
        f"least cost, {found.cost:.4g} a part and {found.cost_at_most:.4g} at most, where an "
        f"escape costs {prices.escape:g}, an overkill {prices.overkill:g} and "
        f"{prices.defect_rate:.4g} of the parts are bad"
    )
