"""The figures that matter first."""

from collections.abc import Iterator

from ....core.counted import counted
from ..measures import Evaluation
from .markup import Markup, said, tag
from .tables import number, rate_of


def headline(result: Evaluation) -> Markup:
    """Return a tile for each figure."""
    return tag("div", *_verdicts(result), *_ranks(result), _time(result), class_="tiles")


def _verdicts(result: Evaluation) -> Iterator[Markup]:
    escapes = f"{result.escapes} / {result.bad}"
    yield _tile(("escapes", "漏检"), escapes, rate_of(result.escape_rate), "bad")
    overkill = f"{result.overkill} / {result.good}"
    yield _tile(("overkill", "过杀"), overkill, rate_of(result.overkill_rate), "good")
    unreadable = said(f"{result.unreadable} unreadable", f"其中 {result.unreadable} 张无法读取")
    yield _tile(("review", "复判"), result.review, unreadable)


def _ranks(result: Evaluation) -> Iterator[Markup]:
    precision = number(result.average_precision)
    note = said(f"average precision {precision}", f"平均精确率 {precision}")
    yield _tile(("image AUROC", "图像 AUROC"), number(result.image_auroc), note)
    if result.pixels is not None:
        ranked, defects = number(result.pixels.auroc), result.pixels.defects
        note = said(
            f"pixel AUROC {ranked}, {counted(defects, 'defect')}",
            f"像素 AUROC {ranked}，{defects} 处缺陷",
        )
        yield _tile(("AUPRO", "AUPRO"), number(result.pixels.aupro), note)
    if result.boxes is not None:
        strict, boxes = number(result.boxes.map50_95), result.boxes.boxes
        drawn = counted(boxes, "box", "boxes")
        note = said(f"mAP50-95 {strict}, {drawn}", f"mAP50-95 {strict}，{boxes} 个标注框")
        yield _tile(("mAP50", "mAP50"), number(result.boxes.map50), note)


def _time(result: Evaluation) -> Markup:
    slow = said(f"95 % within {result.ms_95:.1f} ms", f"95% 在 {result.ms_95:.1f} 毫秒内")
    return _tile(("ms an image", "毫秒/张"), f"{result.ms_per_image:.1f}", slow)


def _tile(words: tuple[str, str], value: object, note: object, kind: str = "") -> Markup:
    return tag(
        "div",
        tag("span", said(*words), class_="what"),
        tag("strong", value),
        tag("span", note, class_="note"),
        class_=f"tile {kind}".strip(),
    )
