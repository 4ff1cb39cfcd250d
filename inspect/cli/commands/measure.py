"""What a model is worth on labelled images, and which threshold to choose."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ...core.runtime import Runtime as RuntimeName
from ...datasets.labels.read import Form
from ...datasets.labels.unlabelled import Unlabelled
from ..choosing import choices_for, wanted_of, write_choice
from ..evaluating import as_document, comparisons_of, evaluate_models
from ..evaluation_lines import comparison_lines, evaluation_lines
from ..options import Folder, Json, Model, Recipe, Runtime, Threads
from ..terminal import out, print_json
from ..threshold_lines import choice_lines


class Language(StrEnum):
    """The language a report opens in; both are in it."""

    EN = "en"
    ZH = "zh"


def evaluate(
    folder: Folder,
    models: Annotated[
        list[Path], typer.Option("--model", "-m", help="Model file; several are compared")
    ],
    recipe: Recipe = None,
    report: Annotated[
        Path | None, typer.Option(help="Write a page with curves and pictures there (.html)")
    ] = None,
    labels: Annotated[
        Form | None, typer.Option(help="Form of drawn boxes; else told by what lies there")
    ] = None,
    classes: Annotated[
        str, typer.Option(help="Names of the boxes' classes, by commas, where labels have none")
    ] = "",
    unlabelled: Annotated[
        Unlabelled, typer.Option(help="Images without a label among labelled ones")
    ] = Unlabelled.REFUSE,
    lang: Annotated[Language, typer.Option(help="Language the page opens in")] = Language.EN,
    threads: Threads = 2,
    runtime: Runtime = RuntimeName.ONNXRUNTIME,
    as_json: Json = False,
) -> None:
    """Judge images, labelled by folder (test/good, test/CLASS) or by boxes, and count mistakes."""
    from ...models.evaluate.labelled_set import Reading
    from ...models.evaluate.lower import caught_for_nothing
    from ...models.evaluate.report.page import check_report, report_page, write_report

    if report is not None:
        check_report(report)
    names = tuple(name.strip() for name in classes.split(",") if name.strip())
    reading = Reading(labels, names, unlabelled)
    evaluated = evaluate_models(folder, models, recipe, threads, runtime, reading)
    comparisons = comparisons_of(evaluated)
    if report is not None:
        write_report(report, report_page(evaluated, comparisons, folder, lang.value))
    if as_json:
        print_json(as_document(evaluated, comparisons))
        return
    for each in evaluated:
        for_nothing = caught_for_nothing(each.judged.outcomes, each.result.threshold)
        out.print(*evaluation_lines(each.result, for_nothing), sep="\n")
    for line in comparison_lines(comparisons):
        out.print(line, markup=False)
    if report is not None:
        out.print(f"{report}: written", markup=False)


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
    runtime: Runtime = RuntimeName.ONNXRUNTIME,
    as_json: Json = False,
) -> None:
    """Show what every threshold promises, from good parts (and bad ones) not taught from."""
    from pydantic import TypeAdapter

    from ...models.evaluate.choose import Choices
    from ...settings.recipe_file import check_new, load_recipe

    wanted = wanted_of(overkill, confidence, cost_escape, cost_overkill, defect_rate)
    if output is not None:
        check_new(output)
    in_force = load_recipe(recipe)
    choices = choices_for(folder, model, threads, runtime, in_force, wanted)
    if as_json:
        print_json(TypeAdapter(Choices).dump_python(choices, mode="json"))
    else:
        out.print(*choice_lines(choices), sep="\n")
    if output is not None:
        write_choice(choices, in_force, output, folder)
