"""The curves of an evaluation."""

from collections.abc import Iterator, Sequence

import numpy as np

from ....quality.overlap import FPR_LIMIT, PixelTally, overlap_curve
from ....quality.precision import precision_curve
from ....quality.roc import Scores, roc_curve
from ....quality.tradeoff import LabelledScores, OperatingPoint, curve, fixed_point
from .charts import Axis, Canvas, Points
from .markup import Markup, said, tag

CONFIDENCE = 0.95
MOST_POINTS = 400
BARS = 30
HIGHEST_SHOWN = 0.98
"""Quantile of the scores at which the axis of scores ends; what is beyond stands at its end."""

_OVERKILL = ("good parts that fail (overkill)", "良品被判 NG（过杀）")
_CAUGHT = ("bad parts that fail (caught)", "不良品被判 NG（检出）")


def charts(scores: LabelledScores, threshold: float, pixels: PixelTally | None) -> Iterator[Markup]:
    """Give a figure for each curve that the parts allow."""
    good, bad = scores.good, scores.bad
    if good.size + bad.size:
        yield _figure(_histogram(good, bad, threshold), *_HISTOGRAM)
        yield _figure(_tradeoff(scores, threshold), *_TRADEOFF)
    if good.size and bad.size:
        point = fixed_point(scores, threshold, CONFIDENCE)
        yield _figure(_roc(good, bad, point), *_ROC)
        yield _figure(_precision(good, bad, point), *_PRECISION)
    if pixels is not None and pixels.can_be_measured:
        yield _figure(_overlap(pixels), *_OVERLAP)


def _histogram(good: Scores, bad: Scores, threshold: float) -> Markup:
    every = np.concatenate([good, bad])
    across = _score_axis(every, threshold)
    edges = np.linspace(across.low, across.high, BARS + 1)
    shares = {
        kind: np.histogram(scores.clip(across.low, across.high), edges)[0] / scores.size
        for kind, scores in (("good", good), ("bad", bad))
        if scores.size
    }
    highest = max(float(share.max()) for share in shares.values())
    canvas = Canvas(across, Axis(("share of the parts", "占件数的比例"), 0.0, highest))
    bars = [
        canvas.bar(float(edges[n]), float(edges[n + 1]), float(share[n]), kind)
        for kind, share in shares.items()
        for n in range(BARS)
        if share[n]
    ]
    return canvas.svg(_HISTOGRAM[0], *bars, canvas.limit(threshold))


def _tradeoff(scores: LabelledScores, threshold: float) -> Markup:
    every = np.concatenate([scores.good, scores.bad])
    canvas = Canvas(
        _score_axis(every, threshold), Axis(("share of the parts", "占件数的比例"), 0.0, 1.0)
    )
    points = [
        point
        for point in curve(scores, CONFIDENCE, MOST_POINTS)
        if point.threshold <= canvas.across.high
    ]
    drawn = [*_banded(canvas, points, "good"), *_banded(canvas, points, "bad")]
    return canvas.svg(_TRADEOFF[0], *drawn, canvas.limit(threshold))


def _banded(canvas: Canvas, points: Sequence[OperatingPoint], kind: str) -> Iterator[Markup]:
    rates = [
        (point.threshold, rate)
        for point in points
        if (rate := point.overkill if kind == "good" else point.escape)
    ]
    if rates:
        low = [(threshold, rate.at_least) for threshold, rate in rates]
        high = [(threshold, rate.at_most) for threshold, rate in rates]
        yield canvas.band(low, high, kind)
        yield canvas.line([(threshold, rate.value) for threshold, rate in rates], kind)


def _roc(good: Scores, bad: Scores, point: OperatingPoint) -> Markup:
    canvas = Canvas(Axis(_OVERKILL, 0, 1), Axis(_CAUGHT, 0, 1))
    found = roc_curve(good, bad)
    drawn = [canvas.line(_points(found.across, found.up), "main")]
    if point.overkill and point.escape:
        drawn.append(canvas.dot((point.overkill.value, 1 - point.escape.value), "main"))
    return canvas.svg(_ROC[0], *drawn)


def _precision(good: Scores, bad: Scores, point: OperatingPoint) -> Markup:
    up = Axis(("bad ones among those that fail", "判 NG 的件中真正不良的比例"), 0, 1)
    canvas = Canvas(Axis(_CAUGHT, 0, 1), up)
    found = precision_curve(good, bad)
    drawn = [canvas.line(_points(found.across, found.up), "main")]
    if point.overkill and point.escape:
        caught = point.escape.of - point.escape.events
        failed = caught + point.overkill.events
        if failed:
            drawn.append(canvas.dot((caught / bad.size, caught / failed), "main"))
    return canvas.svg(_PRECISION[0], *drawn)


def _overlap(pixels: PixelTally) -> Markup:
    across, up = overlap_curve(pixels)
    inside = across <= FPR_LIMIT
    words = ("normal pixels that are marked", "正常像素被标出的比例")
    canvas = Canvas(
        Axis(words, 0, FPR_LIMIT), Axis(("share of a defect marked", "缺陷被标出的比例"), 0, 1)
    )
    return canvas.svg(_OVERLAP[0], canvas.line(_points(across[inside], up[inside]), "main"))


def _points(across: Scores, up: Scores) -> Points:
    places = np.linspace(0, across.size - 1, min(across.size, MOST_POINTS)).round().astype(int)
    return [(float(across[place]), float(up[place])) for place in places]


def _score_axis(scores: Scores, threshold: float) -> Axis:
    high = max(float(np.quantile(scores, HIGHEST_SHOWN)), threshold)
    return Axis(("score", "评分"), min(float(scores.min()), threshold), high, is_share=False)


def _figure(drawn: Markup, title: tuple[str, str], meaning: tuple[str, str]) -> Markup:
    head = tag("p", said(*title), class_="title")
    return tag("figure", head, drawn, tag("figcaption", said(*meaning)))


_HISTOGRAM = (
    ("Scores", "评分分布"),
    (
        "Good parts in blue, bad ones in red. Right of the line a part fails. The last bar holds "
        "all that score higher.",
        "蓝色为良品，红色为不良品。竖线右侧判 NG。最右一格包含所有更高的评分。",
    ),
)
_TRADEOFF = (
    ("The trade-off", "漏检与过杀的权衡"),
    (
        "Overkill in blue, escapes in red, at every threshold. The bands hold with 95 % confidence "
        "to each side, at all thresholds at once.",
        "各阈值下的过杀率（蓝）与漏检率（红）。色带上下两侧各有 95% 置信度，对所有阈值同时成立。",
    ),
)
_ROC = (
    ("Ranking", "ROC 曲线"),
    ("The area under it is the image AUROC. The dot is the threshold in force.",
     "曲线下面积即图像 AUROC。圆点为当前阈值。"),
)  # fmt: skip
_PRECISION = (
    ("Precision", "精确率曲线"),
    ("The area under it is the average precision; it depends on how many bad parts were tested.",
     "曲线下面积即平均精确率，其大小与测试中不良品所占比例有关。"),
)  # fmt: skip
_OVERLAP = (
    ("Places", "定位"),
    (
        "How much of a defect the map marks, small ones counting like large ones; the area under "
        "it, over 30 %, is AUPRO.",
        "异常图标出了多少缺陷，大小缺陷同等计入；曲线下面积除以 30% 即 AUPRO。",
    ),
)
