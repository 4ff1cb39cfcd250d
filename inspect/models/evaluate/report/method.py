"""How every figure of a report was come by."""

from .markup import Markup, said, tag


def method() -> Markup:
    """Return the definitions as a list."""
    return tag("ul", *(tag("li", said(*words)) for words in _METHOD))


_METHOD = (
    (
        "A part is judged as on the line: a score at or above the threshold fails. Parts in review "
        "are neither escapes nor overkill.",
        "判定方式与产线完全一致：评分达到阈值即判 NG。进入复判的件既不算漏检也不算过杀。",
    ),
    (
        "Rates have 95 % intervals (Wilson). They hold for parts like these, if these were chosen "
        "without looking at the result, one picture a part.",
        "比率带 95% 区间（Wilson）。前提是今后的件与这些件同类：挑选时未看结果，一件一图。",
    ),
    (
        "Image AUROC: the chance that a bad part scores higher than a good one. Average precision: "
        "mean precision over the bad parts, without interpolation.",
        "图像 AUROC：不良品评分高于良品的概率。平均精确率：对不良品求精确率的均值，不插值。",
    ),
    (
        "AUPRO: how much of each marked defect the map marks, averaged over defects, up to 30 % of "
        "the normal pixels (MVTec AD). The map is laid over the frame, evenly between its cells.",
        "AUPRO：异常图对每处标注缺陷的覆盖率，按缺陷平均，正常像素误标至多 30%"
        "（MVTec AD 的定义）。异常图先铺到整幅画面。",
    ),
    (
        "mAP50: mean average precision of the boxes over the classes, where box and drawing "
        "overlap by a half; mAP50-95: over overlaps from 0.5 to 0.95 (COCO, by pycocotools).",
        "mAP50：检出框与标注框重叠过半时各类平均精确率的均值；mAP50-95：重叠 0.5 至 0.95"
        "（COCO 的定义，由 pycocotools 计算）。",
    ),
    (
        "An image with defects of several classes counts in each of them. Found is a marked defect "
        "on which a finding lies, be it in part.",
        "一张图有多类缺陷时，各类都计入。标注的缺陷上只要有检出框（哪怕部分重叠）即算找到。",
    ),
    (
        "Recall at 2 % overkill: at the lowest threshold that fails 2 % of these good parts or "
        "fewer.",
        "过杀 2% 时的检出率：取使这些良品至多 2% 判 NG 的最低阈值。",
    ),
    (
        "Time: from the frame in memory to the verdict, median and 95th percentile.",
        "时间：从内存中的图像到判定，取中位数与 95 百分位。",
    ),
)
