"""What a comparison of two models comes to, in words: English and Chinese."""

from ...core.counted import counted
from ...quality.paired import Difference, Disagreement
from .compare import SIGNIFICANT, Comparison, Interval

Words = tuple[str, str]

_SAME = "no difference that these parts could show", "这些件看不出差异"


def sentences(found: Comparison) -> list[Words]:
    """Say whether the second differs from the first, or whether it is chance."""
    return [
        _ranking(found.auroc, found.auroc_bootstrap),
        _verdicts(("Escapes", "漏检"), found.escapes),
        _verdicts(("Overkill", "过杀"), found.overkill),
    ]


def caution(comparisons: int) -> Words | None:
    """Say that one of many comparisons is bound to look like a difference; None for just one."""
    if comparisons < 2:
        return None
    return (
        f"These are {comparisons} comparisons: each by itself calls chance a difference once in "
        "twenty times.",
        f"这里有 {comparisons} 项对比：每一项单独来看，都有二十分之一的可能把偶然当作差异。",
    )


def _ranking(by: Difference | None, drawn: Interval | None) -> Words:
    if by is None or drawn is None:
        return (
            "Ranking: it takes two good and two bad parts to compare it.",
            "排序能力：至少各两件良品与不良品才能比较。",
        )
    better = "the second is better, beyond chance", "第二个更好，不是偶然"
    worse = "the second is worse, beyond chance", "第二个更差，不是偶然"
    verdict = _SAME if by.p >= SIGNIFICANT else better if by.value > 0 else worse
    tested, again = f"{by.low:+.3f} to {by.high:+.3f}", f"{drawn.low:+.3f} to {drawn.high:+.3f}"
    return (
        f"Ranking: {verdict[0]}. AUROC {by.value:+.4f} (95 % interval {tested}, p = {by.p:.2g}; "
        f"by drawing parts anew {again}).",
        f"排序能力：{verdict[1]}。AUROC 差 {by.value:+.4f}（95% 区间 {by.low:+.3f} 至 "
        f"{by.high:+.3f}，p = {by.p:.2g}；自助法 {drawn.low:+.3f} 至 {drawn.high:+.3f}）。",
    )


def _verdicts(words: Words, found: Disagreement) -> Words:
    """Say the same of verdicts at the thresholds in force."""
    first, second, p = found.only_first, found.only_second, f"p = {found.p:.2g}"
    fewer = "the second has fewer, beyond chance", "第二个更少，不是偶然"
    more = "the second has more, beyond chance", "第二个更多，不是偶然"
    verdict = _SAME if found.p >= SIGNIFICANT else fewer if second < first else more
    return (
        f"{words[0]}: {verdict[0]}. {counted(first, 'part')} only the first got wrong, {second} "
        f"only the second ({p}).",
        f"{words[1]}：{verdict[1]}。仅第一个错 {first} 件，仅第二个错 {second} 件（{p}）。",
    )
