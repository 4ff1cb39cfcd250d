"""A model evaluated on labelled images, with the defaults."""

from collections.abc import Sequence

from ...core.recipe import Recipe
from ...datasets.layout import LabelledImage
from ..judge import Judge
from ..progress import OnProgress, silent
from .count import count
from .judging import judge_images
from .measures import Evaluation


def evaluate(
    images: Sequence[LabelledImage],
    judge: Judge,
    recipe: Recipe,
    on_progress: OnProgress = silent,
) -> Evaluation:
    """Judge `images` by `judge` and `recipe` and count. Raises DatasetError when there are none."""
    return count(judge_images(images, judge, recipe, on_progress), judge, recipe)
