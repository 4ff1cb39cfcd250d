"""The parts of a report: what is odd, figures, the worst mistakes, what was judged."""

from collections.abc import Iterator, Sequence

from ....core.counted import counted
from ....core.manifest import ModelManifest
from ....core.verdict import Verdict
from ..count import labelled_scores
from ..measures import Evaluation, Remark, RemarkKind
from ..outcome import Judged, Outcome
from .curves import charts
from .markup import Markup, joined, said, tag, void
from .pictures import plain_and_marked
from .tables import box_table, class_table, size_table

MOST_PICTURES = 12
MOST_REMARKS = 20

_REMARKS = {
    RemarkKind.TWO_LABELS: (
        "One picture has two labels; one of them is wrong, and it is counted as both.",
        "同一张图像有两个标签，其中一个是错的，目前两边都计入。",
    ),
    RemarkKind.TWICE: (
        "One picture is there twice, and counted twice: the intervals are too narrow.",
        "同一张图像出现两次并计入两次，区间因此偏窄。",
    ),
    RemarkKind.TAUGHT: (
        "Left out: also among the pictures taught from, so that they tell nothing of the model.",
        "已排除：也在示教图像之中，模型已经见过，不能说明任何问题。",
    ),
    RemarkKind.MASK: ("Masks that could not be used.", "无法使用的掩膜。"),
    RemarkKind.UNJUDGED: (
        "Images that could not be judged and went to review; they are no escapes, and not caught.",
        "无法判定、进入复判的图像；既不算漏检，也没有检出。",
    ),
    RemarkKind.GAUGES: (
        "What these gauges of the recipe find is not in the figures, though on the line it fails "
        "parts.",
        "配方中这些测量项的结果不计入以上数字；在产线上它们会判不合格。",
    ),
    RemarkKind.UNREADABLE: (
        "Images that could not be read; on the line they would go to review.",
        "无法读取的图像，在产线上会进入复判。",
    ),
}


def remarks(found: Sequence[Remark]) -> Markup:
    """Return what is odd about the data; nothing when nothing is."""
    return joined(
        *(
            tag(
                "details",
                tag("summary", said(*_REMARKS[remark.kind]), f" ({len(remark.about)})"),
                tag("ul", *(tag("li", about) for about in _shortened(remark.about))),
                class_="remark",
            )
            for remark in found
        )
    )


def figures(result: Evaluation, judged: Judged) -> Markup:
    """Return curves and tables."""
    scores = labelled_scores(judged.outcomes)
    drawn = tag("div", *charts(scores, result.threshold, judged.pixels), class_="charts")
    by_class = tag("h3", said("By class", "按类别")), class_table(result.classes)
    by_box: tuple[Markup, ...] = ()
    if result.boxes is not None:
        by_box = (tag("h3", said("Boxes by class", "各类标注框")), box_table(result.boxes))
    title = said("By size of the defects", "按缺陷大小")
    by_size = (tag("h3", title), size_table(result.sizes)) if result.sizes else ()
    return joined(drawn, *by_class, *by_box, *by_size)


def mistakes(result: Evaluation, judged: Judged, manifest: ModelManifest) -> Markup:
    """Return the worst escapes and the worst overkill, as pictures."""
    escapes = [
        each
        for each in judged.outcomes
        if not each.image.is_good and each.verdict is Verdict.PASS and each.score is not None
    ]
    overkill = [
        each
        for each in judged.outcomes
        if each.image.is_good and each.verdict is Verdict.FAIL and each.score is not None
    ]
    escapes.sort(key=lambda each: each.score or 0.0)
    overkill.sort(key=lambda each: -(each.score or 0.0))
    legend = said(
        "Each picture as it is, and with marks: orange where the map comes near the threshold, red "
        "boxes are findings, blue lines go around the marked defects.",
        "每张图左为原图，右为标注：橙色为接近阈值之处，红框为检出位置，蓝线为人工标注的缺陷。",
    )
    return joined(
        tag("h3", said("The worst escapes", "最严重的漏检")),
        tag("p", legend, class_="note"),
        _gallery(escapes, result, manifest),
        tag("h3", said("The worst overkill", "最严重的过杀")),
        _gallery(overkill, result, manifest),
    )


def provenance(result: Evaluation, manifest: ModelManifest, folder: str, moment: str) -> Markup:
    """Return what was judged, by what, and when."""
    basis, taught_on = manifest.threshold, manifest.training_images
    pairs = [
        (("model", "模型"), f"{result.model.name} v{result.model.version}"),
        (("identity", "标识"), tag("code", result.model.sha256)),
        (("family", "类型"), manifest.family),
        (
            ("taught", "示教"),
            said(
                f"{manifest.created_at:%Y-%m-%d}, from {counted(taught_on, 'image')}",
                f"{manifest.created_at:%Y-%m-%d}，{taught_on} 张图像",
            ),
        ),
        (("suggested threshold", "建议阈值"), f"{basis.value:.4g}: {basis.method}"),
        (("threshold in force", "当前阈值"), f"{result.threshold:.4g}"),
        (("recipe", "配方"), f"{result.recipe.name} v{result.recipe.version}"),
        (("images", "图像"), folder),
        (("runtime", "运行时"), result.model.runtime),
        (("evaluated", "评估时间"), moment),
    ]
    rows = (joined(tag("dt", said(*words)), tag("dd", value)) for words, value in pairs)
    return tag("dl", *rows)


def _gallery(outcomes: Sequence[Outcome], result: Evaluation, manifest: ModelManifest) -> Markup:
    if not outcomes:
        return tag("p", said("None.", "无。"))
    shown = list(_cards(outcomes[:MOST_PICTURES], result, manifest))
    more = len(outcomes) - len(shown)
    rest = said(f"and {more} more", f"另有 {more} 件") if more > 0 else ""
    return joined(tag("div", *shown, class_="gallery"), tag("p", rest, class_="note"))


def _cards(
    outcomes: Sequence[Outcome], result: Evaluation, manifest: ModelManifest
) -> Iterator[Markup]:
    for outcome in outcomes:
        pictures = plain_and_marked(outcome, result.threshold, manifest)
        if pictures is None:
            continue
        name = f"{outcome.image.label}/{outcome.image.path.name}"
        share = f"{sum(defect.share for defect in outcome.defects):.2%}"
        size = said(f", {share} of the frame", f"，占画面 {share}") if outcome.defects else ""
        score = said(f"score {outcome.score:.3g}", f"评分 {outcome.score:.3g}")
        images = (void("img", src=uri, alt=name) for uri in pictures)
        yield tag(
            "figure",
            tag("div", *images, class_="pair"),
            tag("figcaption", tag("b", name), " ", score, size),
        )


def _shortened(about: Sequence[str]) -> list[str]:
    more = len(about) - MOST_REMARKS
    return [*about[:MOST_REMARKS], *([f"+ {more}"] if more > 0 else [])]
