"""The parts on which a model is tried before and after, and how well it tells them apart."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...core.counted import counted
from ...core.errors import DatasetError
from ...core.frame import Image
from ...core.manifest import ModelManifest
from ...datasets.good_parts import good_parts
from ...datasets.images import read_image
from ...datasets.labels.read import has_labels
from ...datasets.labels.unlabelled import Unlabelled
from ...datasets.layout import GOOD, LabelledImage, has_class_folders
from ...quality.roc import auroc
from ..evaluate.labelled_set import Reading, labelled_set
from ..placement import place
from ..runtime import Session

Scores = NDArray[np.float64]

LEAST_GOOD = 8
FAINTEST, STRONGEST = 0.05, 0.4
MARK_SHARE = 12


@dataclass(frozen=True, slots=True)
class Tried:
    """The scores of a trial's parts."""

    good: Scores
    bad: Scores

    @property
    def auroc(self) -> float:
        """The chance that a bad part outscores a good one."""
        return auroc(self.good, self.bad)


@dataclass(frozen=True, slots=True)
class Trial:
    """Good parts and bad ones; `words` says which."""

    good: tuple[Callable[[], Image], ...]
    bad: tuple[Callable[[], Image], ...]
    words: str

    def __len__(self) -> int:
        return len(self.good) + len(self.bad)

    def run(self, session: Session, manifest: ModelManifest, on_part: Callable[[], None]) -> Tried:
        """Return the scores that `session` gives; `on_part` hears of each part."""

        def scores(parts: Sequence[Callable[[], Image]]) -> Scores:
            found = []
            for part in parts:
                found.append(session.run(place(part(), manifest).pixels).score)
                on_part()
            return np.array(found, np.float64)

        return Tried(scores(self.good), scores(self.bad))


def good_parts_of(folder: Path) -> tuple[Path, ...]:
    """Return the good parts of a data set: those to teach from, else those it labels as good.

    Raises DatasetError when there are none.
    """
    if (folder / "train" / GOOD).is_dir() or not _is_labelled(folder):
        return good_parts(folder)
    good = tuple(image.path for image in _labelled_images(folder) if image.is_good)
    if not good:
        raise DatasetError(
            f"{folder}: every part in it is defective; add good ones, {LEAST_GOOD} or more."
        )
    return good


def trial_of(folder: Path, good: Sequence[Path]) -> Trial:
    """Return the labelled parts of `folder`, or its good parts beside marked copies of them.

    Raises DatasetError when there are fewer than `LEAST_GOOD` good parts.
    """
    labelled = _labelled_images(folder) if _is_labelled(folder) else ()
    trial = _labelled(labelled)
    if not (trial.good and trial.bad):
        trial = _marked_copies(good)
    if len(trial.good) < LEAST_GOOD:
        raise DatasetError(
            f"{folder}: only {counted(len(trial.good), 'good part')} to try the model on; "
            f"it takes {LEAST_GOOD} or more."
        )
    return trial


def _is_labelled(folder: Path) -> bool:
    """Say whether the parts of a folder are labelled, by the folders they lie in or by boxes."""
    if (folder / "test").is_dir() or (folder / GOOD).is_dir():
        return True
    return has_labels(folder) and not has_class_folders(folder)


def _labelled_images(folder: Path) -> tuple[LabelledImage, ...]:
    return labelled_set(folder, Reading(unlabelled=Unlabelled.SKIP)).images


def _labelled(images: Sequence[LabelledImage]) -> Trial:
    good = tuple(_reader(image.path) for image in images if image.is_good)
    bad = tuple(_reader(image.path) for image in images if not image.is_good)
    words = f"{len(good)} good and {counted(len(bad), 'bad part')}, as they are labelled"
    return Trial(good, bad, words)


def _marked_copies(paths: Sequence[Path]) -> Trial:
    strengths = np.geomspace(FAINTEST, STRONGEST, len(paths))
    bad = tuple(_marker(path, seed, float(strengths[seed])) for seed, path in enumerate(paths))
    good = tuple(_reader(path) for path in paths)
    words = f"{counted(len(good), 'good part')} and as many copies with a faint mark"
    return Trial(good, bad, words)


def _reader(path: Path) -> Callable[[], Image]:
    return lambda: read_image(path)


def _marker(path: Path, seed: int, strength: float) -> Callable[[], Image]:
    return lambda: marked(read_image(path), seed, strength)


def marked(image: Image, seed: int, strength: float) -> Image:
    """Return a copy with a square somewhere, a twelfth of the side, drawn towards its negative.

    `strength` is how far: 0 leaves the picture as it is, 1 gives the negative.
    """
    rng = np.random.default_rng(seed)
    height, width = image.shape[:2]
    side = max(2, min(height, width) // MARK_SHARE)
    top, left = int(rng.integers(0, height - side + 1)), int(rng.integers(0, width - side + 1))
    copy = image.copy()
    square = copy[top : top + side, left : left + side]
    towards = square + strength * (255.0 - 2.0 * square)
    copy[top : top + side, left : left + side] = np.rint(towards).astype(np.uint8)
    return copy
