"""Models held against each other, in words and figures."""

from collections.abc import Sequence

from ....core.inspection import ModelRef
from ..compare import Comparison
from ..comparison_words import caution, sentences
from ..measures import Evaluation
from .markup import Markup, joined, said, tag
from .tables import comparison_table, model_table


def compared(evaluations: Sequence[Evaluation], comparisons: Sequence[Comparison]) -> Markup:
    """Return all models in one table, and each held against the first."""
    title = tag("h2", said("The models compared", "模型对比"))
    found = (_one(each) for each in comparisons)
    words = caution(len(comparisons))
    careful = tag("p", said(*words), class_="note") if words else ""
    return tag("section", title, model_table(evaluations), *found, careful)


def _one(found: Comparison) -> Markup:
    first, second = _name(found.first), _name(found.second)
    return joined(
        tag("h3", said(f"{second} against {first}", f"{second} 对比 {first}")),
        tag("ul", *(tag("li", said(*words)) for words in sentences(found))),
        comparison_table(found),
    )


def _name(model: ModelRef) -> str:
    return f"{model.name} {model.sha256[:12]}"
