"""What is odd about a data set, so that nobody trusts figures more than they deserve."""

from collections import Counter
from collections.abc import Sequence

from ...core.recipe import Recipe
from ...datasets.doubles import Doubles, Group
from .measures import Remark, RemarkKind
from .outcome import Outcome


def remarks_on_files(doubles: Doubles) -> tuple[Remark, ...]:
    """Say which pictures have two labels, are there twice, or are also taught from."""
    found = {
        RemarkKind.TWO_LABELS: tuple(_said(group) for group in doubles.contradictory),
        RemarkKind.TWICE: tuple(_said(group) for group in doubles.repeated),
        RemarkKind.TAUGHT: tuple(str(path) for path in doubles.taught),
    }
    return tuple(Remark(kind, about) for kind, about in found.items() if about)


def remarks_on_recipe(recipe: Recipe) -> tuple[Remark, ...]:
    """Say which gauges of the recipe the figures know nothing of: they are of the model alone."""
    names = tuple(gauge.name for gauge in recipe.gauges)
    return (Remark(RemarkKind.GAUGES, names),) if names else ()


def remarks_on_outcomes(outcomes: Sequence[Outcome]) -> tuple[Remark, ...]:
    """Say which images could not be read or judged, and which masks could not be used."""
    unjudged = Counter(each.why for each in outcomes if each.is_readable and each.score is None)
    found = {
        RemarkKind.UNREADABLE: tuple(each.why for each in outcomes if not each.is_readable),
        RemarkKind.UNJUDGED: tuple(f"{count}: {why}" for why, count in unjudged.most_common()),
        RemarkKind.MASK: tuple(each.doubt for each in outcomes if each.doubt is not None),
    }
    return tuple(Remark(kind, about) for kind, about in found.items() if about)


def _said(group: Group) -> str:
    return " = ".join(str(path) for path in group)
