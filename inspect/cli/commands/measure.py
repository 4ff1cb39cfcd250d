"""What a model is worth on labelled images, and which threshold to choose."""

from pathlib import Path
from typing import Annotated

import typer

from ..choosing import choices_for, wanted_of, write_choice
from ..evaluation_lines import evaluation_lines
from ..options import Folder, Json, Model, Recipe, Threads
from ..terminal import out, print_json, progress
from ..threshold_lines import choice_lines


def evaluate(
    folder: Folder,
    model: Model,
    recipe: Recipe = None,
    threads: Threads = 2,
    as_json: Json = False,
) -> None:
    """Judge labelled images (test/good, test/CLASS) and count what was missed and overdone."""
    from pydantic import TypeAdapter

    from ...datasets.doubles import doubles_in
    from ...datasets.layout import test_images
    from ...models.evaluate.count import count
    from ...models.evaluate.measures import Evaluation
    from ...models.evaluate.outcome import judge_images
    from ...models.evaluate.remarks import remarks_on_files
    from ...models.judge import load_judge
    from ...settings.recipe_file import check_made_for, load_recipe

    images = test_images(folder)
    judge = load_judge(model, threads=threads)
    in_force = load_recipe(recipe)
    check_made_for(in_force, judge.ref)
    with progress("evaluating") as on_progress:
        judged = judge_images(images, judge, in_force, on_progress)
    remarks = remarks_on_files(doubles_in(folder, images))
    result = count(judged, judge, in_force, remarks)
    if as_json:
        print_json(TypeAdapter(Evaluation).dump_python(result, mode="json"))
    else:
        out.print(*evaluation_lines(result), sep="\n")


def threshold(
    folder: Folder,
    model: Model,
    overkill: Annotated[
        float, typer.Option(help="Share of good parts that may fail, above 0 and below 1")
    ] = 0.02,
    confidence: Annotated[
        float, typer.Option(help="How sure every bound is to hold, above 0 and below 1")
    ] = 0.95,
    cost_escape: Annotated[
        float | None, typer.Option(min=0, help="What a bad part that passes costs")
    ] = None,
    cost_overkill: Annotated[
        float | None, typer.Option(min=0, help="What a good part that fails costs")
    ] = None,
    defect_rate: Annotated[
        float | None, typer.Option(min=0, max=1, help="Share of all parts that are bad")
    ] = None,
    recipe: Recipe = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="New recipe: least cost with prices, else promised"),
    ] = None,
    threads: Threads = 2,
    as_json: Json = False,
) -> None:
    """Show what every threshold promises, from good parts (and bad ones) not taught from."""
    from pydantic import TypeAdapter

    from ...models.evaluate.choose import Choices
    from ...models.judge import load_judge
    from ...settings.recipe_file import check_new, load_recipe

    wanted = wanted_of(overkill, confidence, cost_escape, cost_overkill, defect_rate)
    if output is not None:
        check_new(output)
    judge, in_force = load_judge(model, threads=threads), load_recipe(recipe)
    choices = choices_for(folder, judge, in_force, wanted)
    if as_json:
        print_json(TypeAdapter(Choices).dump_python(choices, mode="json"))
    else:
        out.print(*choice_lines(choices), sep="\n")
    if output is not None:
        write_choice(choices, in_force, output, folder)
