"""What a person has to know of a fine-tuning beyond its figures."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..models.finetune.asked import Finetuned


def finetuned_warnings(result: "Finetuned") -> Iterator[str]:
    """Give a sentence for each figure that says that something is missing."""
    if result.map50 == 0:
        yield (
            "mAP50 0: it finds none of the defects it was tried on; give it more --epochs, or "
            "start from --weights that have learned something."
        )
    if result.boxes_compared == 0:
        yield (
            "neither ultralytics nor the export found a box in the images both were tried on: "
            "nothing was compared, so that they agree is not known."
        )
