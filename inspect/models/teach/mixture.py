"""Whether the pictures to teach from are of one kind, as one camera gives them."""

from collections.abc import Sequence

from ...core.counted import counted
from ...decision.frame_gate import SIZE_TOLERANCE
from .looking import Kind


def mixture(kinds: Sequence[Kind]) -> str | None:
    """Return a sentence that says what was mixed; None for at least one picture of one kind.

    Sizes are mixed when the line would not take the largest for the kind of the smallest.
    """
    found = [*_sizes(kinds), *_colours(kinds)]
    if not found:
        return None
    return (
        f"note: a mixture, {' and '.join(found)}; frames of either kind will be judged, so check "
        "that all are of one product, taken by one camera."
    )


def _sizes(kinds: Sequence[Kind]) -> list[str]:
    widths, heights = [kind.width_px for kind in kinds], [kind.height_px for kind in kinds]
    if all(max(sides) <= SIZE_TOLERANCE * min(sides) for sides in (widths, heights)):
        return []
    first, *_, last = sorted({(kind.width_px, kind.height_px) for kind in kinds}, key=_area)
    return [f"sizes from {first[0]}x{first[1]} to {last[0]}x{last[1]}"]


def _colours(kinds: Sequence[Kind]) -> list[str]:
    grey = sum(kind.grey for kind in kinds)
    if grey in (0, len(kinds)):
        return []
    return [f"{counted(grey, 'grey picture')} among {len(kinds) - grey} in colour"]


def _area(size: tuple[int, int]) -> int:
    return size[0] * size[1]
