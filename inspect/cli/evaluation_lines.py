"""What an evaluation found, in lines and tables for a person."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.table import Table

from ..core.counted import counted
from .tables import number

if TYPE_CHECKING:
    from ..core.inspection import ModelRef
    from ..models.evaluate.boxes import BoxMeasures
    from ..models.evaluate.compare import Comparison
    from ..models.evaluate.measures import Evaluation, Remark
    from ..quality.rates import Rate

MANY_ESCAPES = 0.1
MOST_SHOWN = 3


def evaluation_lines(result: "Evaluation", for_nothing: int = 0) -> Iterator[str | Table]:
    """Give what was counted: over all images, by class, and by size of the defects; so many of the
    escapes a lower threshold would catch `for_nothing`.
    """
    yield (
        f"{_name(result.model)}, {counted(result.images, 'image')}, {result.good} "
        f"good and {result.bad} bad, threshold {result.threshold:.3g}"
    )
    yield (
        f"escapes   {result.escapes} of {counted(result.bad, 'bad part')} judged OK"
        f"{said(result.escape_rate)}"
    )
    yield (
        f"overkill  {result.overkill} of {counted(result.good, 'good part')} judged NG"
        f"{said(result.overkill_rate)}"
    )
    yield f"review    {result.review}, of which {result.unreadable} could not be read"
    yield (
        f"ranking   image AUROC {number(result.image_auroc)} (1 is perfect, 0.5 is guessing), "
        f"average precision {number(result.average_precision)}"
    )
    if result.pixels is not None:
        yield (
            f"places    pixel AUROC {number(result.pixels.auroc)}, AUPRO "
            f"{number(result.pixels.aupro)} over {counted(result.pixels.defects, 'marked defect')}"
        )
    if result.boxes is not None:
        drawn = counted(result.boxes.boxes, "drawn box", "drawn boxes")
        of = drawn if result.boxes.by_class else f"{drawn}, whatever their class"
        yield (
            f"boxes     mAP50 {number(result.boxes.map50)}, mAP50-95 "
            f"{number(result.boxes.map50_95)} over {of}"
        )
    yield f"time      {result.ms_per_image:.1f} ms an image, 95 % take at most {result.ms_95:.1f}"
    yield _class_table(result)
    if result.boxes is not None:
        yield _box_table(result.boxes)
    if result.sizes:
        yield _size_table(result)
    yield from remark_lines(result.remarks)
    if for_nothing:
        yield (
            f"Of {counted(result.escapes, 'escape')} a lower threshold would catch {for_nothing} "
            "and fail no more of these good parts; `edgeinspect threshold` shows which."
        )
    elif result.escapes > MANY_ESCAPES * result.bad:
        yield (
            "Many bad parts escape. `edgeinspect threshold` shows what a lower threshold would "
            "catch, and how many good ones it would fail."
        )


def comparison_lines(comparisons: "Sequence[Comparison]") -> Iterator[str]:
    """Give what each comparison comes to."""
    from ..models.evaluate.comparison_words import caution, sentences

    for found in comparisons:
        yield f"{_name(found.second)} (second) against {_name(found.first)} (first)"
        yield from (f"  {english}" for english, _ in sentences(found))
    if words := caution(len(comparisons)):
        yield words[0]


def remark_lines(remarks: "Sequence[Remark]") -> Iterator[str]:
    """Give what is odd about the data, a line each, with the first that show it."""
    for remark in remarks:
        shown = "; ".join(remark.about[:MOST_SHOWN])
        more = len(remark.about) - MOST_SHOWN
        yield f"note: {_REMARKS[remark.kind]}: {shown}{f' and {more} more' if more > 0 else ''}"


def said(rate: "Rate | None") -> str:
    """Return a rate with its interval, led by a colon; nothing for none."""
    if rate is None:
        return ""
    return f": {rate.value:.1%} (95 % interval {rate.low:.1%} to {rate.high:.1%})"


_REMARKS = {
    "two_labels": "one picture with two labels, one of them wrong",
    "twice": "one picture counted twice",
    "taught": "left out, for it is also among the pictures taught from and tells nothing",
    "mask": "a mask that was left out",
    "unreadable": "could not be read, and went to review",
    "unjudged": "could not be judged, and went to review",
    "gauges": (
        "what these gauges of the recipe find is not in the figures, though on the line it fails "
        "parts (`edgeinspect gauge` tries them on pictures)"
    ),
}


def _class_table(result: "Evaluation") -> Table:
    table = Table("class", "images", "OK", "NG", "review", "recall", "at 2 % overkill")
    for each in result.classes:
        counts = (each.images, each.passed, each.failed, each.review)
        table.add_row(
            each.label, *map(str, counts), _share(each.recall), _share(each.recall_at_overkill)
        )
    return table


def _box_table(boxes: "BoxMeasures") -> Table:
    table = Table("boxes", "found", "AP50", "AP50-95")
    for each in boxes.classes:
        found = f"{each.found} of {each.boxes}"
        table.add_row(each.label, found, number(each.ap50), number(each.ap50_95))
    return table


def _size_table(result: "Evaluation") -> Table:
    table = Table("largest defect", "images", "OK", "NG", "review", "recall", "defects found")
    for each in result.sizes:
        counts = (each.images, each.passed, each.failed, each.review)
        found = f"{each.found} of {each.defects}"
        table.add_row(each.size, *map(str, counts), _share(each.recall), found)
    return table


def _name(model: "ModelRef") -> str:
    return f"{model.name} {model.sha256[:12]}"


def _share(rate: "Rate | None") -> str:
    return "" if rate is None else f"{rate.value:.0%} ({rate.low:.0%} to {rate.high:.0%})"
