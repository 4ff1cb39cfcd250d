"""The tables of a report."""

from collections.abc import Iterable, Sequence

from ....quality.rates import Rate
from ..boxes import BoxMeasures
from ..compare import Comparison
from ..measures import ClassCount, Evaluation, Size, SizeCount
from .markup import Markup, joined, said, tag

VERDICT_HEADS = (("images", "件数"), ("OK", "OK"), ("NG", "NG"), ("review", "复判"))
_SIZES = {
    Size.SMALL: ("small, below 0.1 % of the frame", "小，低于画面的 0.1%"),
    Size.MEDIUM: ("medium, 0.1 % to 1 %", "中，0.1% 至 1%"),
    Size.LARGE: ("large, 1 % and more", "大，1% 及以上"),
}


def class_table(classes: Sequence[ClassCount]) -> Markup:
    """Return the verdicts by label."""
    heads = (
        ("class", "类别"),
        *VERDICT_HEADS,
        ("recall", "检出率"),
        ("at 2 % overkill", "过杀 2% 时"),
    )
    rows = (
        (
            each.label,
            *_verdicts(each),
            rate_of(each.recall),
            rate_of(each.recall_at_overkill),
        )
        for each in classes
    )
    return table(heads, rows)


def box_table(boxes: BoxMeasures) -> Markup:
    """Return average precision by class."""
    found = ("found", "找到"), ("AP50", "AP50"), ("AP50-95", "AP50-95")
    heads = (("class", "类别"), *found)
    rows = (
        (each.label, f"{each.found} / {each.boxes}", number(each.ap50), number(each.ap50_95))
        for each in boxes.classes
    )
    return table(heads, rows)


def size_table(sizes: Sequence[SizeCount]) -> Markup:
    """Return the verdicts by how much of the frame the defects cover."""
    largest, found = ("largest defect", "最大缺陷"), ("defects found", "找到的缺陷")
    heads = (largest, *VERDICT_HEADS, ("recall", "检出率"), found)
    rows = (
        (
            said(*_SIZES[each.size]),
            *_verdicts(each),
            rate_of(each.recall),
            f"{each.found} / {each.defects}",
        )
        for each in sizes
    )
    return table(heads, rows)


def model_table(evaluations: Sequence[Evaluation]) -> Markup:
    """Return a row for each model, the first being the one the others are held against."""
    heads = (
        ("model", "模型"),
        ("threshold", "阈值"),
        ("escapes", "漏检"),
        ("overkill", "过杀"),
        ("review", "复判"),
        ("AUROC", "AUROC"),
        ("precision", "平均精确率"),
        ("AUPRO", "AUPRO"),
        ("ms", "毫秒"),
    )
    rows = (
        (
            joined(each.model.name, " ", tag("code", each.model.sha256[:12])),
            f"{each.threshold:.4g}",
            f"{each.escapes} / {each.bad}",
            f"{each.overkill} / {each.good}",
            each.review,
            number(each.image_auroc),
            number(each.average_precision),
            number(each.pixels.aupro if each.pixels else None),
            f"{each.ms_per_image:.1f}",
        )
        for each in evaluations
    )
    return table(heads, rows)


def comparison_table(found: Comparison) -> Markup:
    """Return what one wrong and the other right says, for good parts and for bad ones."""
    heads = (
        ("parts", "件"),
        ("only the first is wrong", "仅第一个错"),
        ("only the second is wrong", "仅第二个错"),
        ("p", "p 值"),
    )
    both = (
        (said(f"{found.good} good", f"{found.good} 件良品"), found.overkill),
        (said(f"{found.bad} bad", f"{found.bad} 件不良品"), found.escapes),
    )
    rows = ((name, each.only_first, each.only_second, f"{each.p:.3g}") for name, each in both)
    return table(heads, rows)


def table(heads: Iterable[tuple[str, str]], rows: Iterable[Sequence[object]]) -> Markup:
    """Return a table that scrolls by itself where the page is narrow."""
    head = tag("tr", *(tag("th", said(*words)) for words in heads))
    body = (tag("tr", *(tag("td", cell) for cell in row)) for row in rows)
    return tag("div", tag("table", tag("thead", head), tag("tbody", *body)), class_="scrolls")


def rate_of(rate: Rate | None) -> Markup:
    """Return a rate with its interval."""
    if rate is None:
        return Markup("")
    interval = tag("small", f"({100 * rate.low:.1f} – {rate.high:.1%})")
    return joined(f"{rate.value:.1%} ", interval)


def number(value: float | None) -> str:
    """Return a number in three decimals, a dash for none."""
    return "–" if value is None else f"{value:.3f}"


def _verdicts(counted: ClassCount | SizeCount) -> tuple[int, int, int, int]:
    return counted.images, counted.passed, counted.failed, counted.review
