"""How well a map of scores shows where the defects are, pixel by pixel."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

FPR_LIMIT = 0.3
"""MVTec AD's: beyond it a map marks so much that it shows nothing."""

LEVELS = 2**16
"""As many as there are numbers of half precision: a thousand each time a score doubles."""

Counts = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PixelTally:
    """Pixels by how high they score, the lowest of `LEVELS` first.

    `normal` and `defective` count pixels, `overlap` adds up what share of each of the `regions`
    (defects, each in one piece) lies at a level.
    """

    normal: Counts
    defective: Counts
    overlap: Counts
    regions: int

    @classmethod
    def of(cls, scores: NDArray[np.float32], region: NDArray[np.int32]) -> Self:
        """Count the pixels of one picture.

        `scores` are finite; `region` of the same shape is 0 for normal pixels, 1, 2, ... for those
        of each defect.
        """
        level, of_defects = level_of(scores), region > 0
        sizes = np.bincount(region.ravel())
        shares = 1 / np.maximum(sizes, 1)[region[of_defects]]
        return cls(
            normal=np.bincount(level[~of_defects], minlength=LEVELS).astype(np.float64),
            defective=np.bincount(level[of_defects], minlength=LEVELS).astype(np.float64),
            overlap=np.bincount(level[of_defects], shares, LEVELS).astype(np.float64),
            regions=int((sizes[1:] > 0).sum()),
        )

    def __add__(self, other: "PixelTally") -> "PixelTally":
        return PixelTally(
            self.normal + other.normal,
            self.defective + other.defective,
            self.overlap + other.overlap,
            self.regions + other.regions,
        )

    @property
    def can_be_measured(self) -> bool:
        """Whether there are normal and defective pixels."""
        return bool(self.normal.any() and self.defective.any())


def level_of(scores: NDArray[np.float32]) -> NDArray[np.int32]:
    """Return the level of each score, 0 to LEVELS - 1: a higher score never has a lower one."""
    with np.errstate(over="ignore"):
        bits = (scores + 0.0).astype(np.float16).view(np.uint16).astype(np.int32)
    sign = LEVELS // 2  # and -0.0 is 0.0 by now
    return np.where(bits < sign, bits + sign, LEVELS - 1 - bits).astype(np.int32)


def pixel_auroc(tally: PixelTally) -> float:
    """Return the chance that a defective pixel outscores a normal one, equal levels counting half.

    Raises ValueError without pixels of both kinds.
    """
    _check(tally)
    below = np.concatenate([[0.0], np.cumsum(tally.normal)])
    outscored = (below[:-1] + below[1:]) / 2
    return float((tally.defective * outscored).sum() / tally.defective.sum() / below[-1])


def aupro(tally: PixelTally, limit: float = FPR_LIMIT) -> float:
    """Return the area under the per-region overlap up to a share of normal pixels, over that share.

    Every defect counts the same, however large (P. Bergmann, K. Batzner, M. Fauser, D. Sattlegger
    and C. Steger, "The MVTec Anomaly Detection Dataset", International Journal of Computer Vision
    129 (2021) 1038-1059, 4.1). Raises ValueError without pixels of both kinds.
    """
    across, up = overlap_curve(tally)
    end = float(np.interp(limit, across, up))
    inside = across < limit
    across, up = np.append(across[inside], limit), np.append(up[inside], end)
    return float((np.diff(across) * (up[1:] + up[:-1])).sum() / 2 / limit)


def overlap_curve(tally: PixelTally) -> tuple[Counts, Counts]:
    """Return the share of normal pixels marked and the mean share of each defect that is.

    From the highest level to the lowest, beginning at 0 and 0.
    Raises ValueError without pixels of both kinds.
    """
    _check(tally)
    across = np.cumsum(tally.normal[::-1]) / tally.normal.sum()
    up = np.cumsum(tally.overlap[::-1]) / tally.regions
    return np.concatenate([[0.0], across]), np.concatenate([[0.0], up])


def _check(tally: PixelTally) -> None:
    if not tally.can_be_measured:
        raise ValueError("a map is measured on normal and on defective pixels")
