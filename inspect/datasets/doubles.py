"""Pictures that a data set holds under several names."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..core.errors import DatasetError
from ..core.identity import digest
from ..core.regular_file import read_regular_file
from .images import MAX_BYTES
from .layout import GOOD, LabelledImage

Group = tuple[Path, ...]
"""Files with the same content, byte for byte."""


@dataclass(frozen=True, slots=True)
class Doubles:
    """Pictures with two labels, pictures that are there twice, and those also taught from."""

    contradictory: tuple[Group, ...]
    repeated: tuple[Group, ...]
    taught: tuple[Path, ...]

    @property
    def copies(self) -> tuple[Path, ...]:
        """Pictures that are there under an earlier name too, with the same label."""
        return tuple(path for group in self.repeated for path in group[1:])

    def check_one_label(self) -> None:
        """Raise DatasetError when one picture has two labels."""
        if self.contradictory:
            both = " and ".join(str(path) for path in self.contradictory[0])
            raise DatasetError(f"{both} are one picture with two labels; remove the wrong one.")


def find_doubles(images: Sequence[LabelledImage], taught: Sequence[Path] = ()) -> Doubles:
    """Find them among labelled images, `taught` being the images that a model is taught from."""
    label_of = {image.path: image.label for image in images}
    contradictory: list[Group] = []
    repeated: list[Group] = []
    known: list[Path] = []
    for group in twins((*label_of, *taught)):
        own = tuple(path for path in group if path in label_of)
        if len({label_of[path] for path in own}) > 1:
            contradictory.append(own)
        elif len(own) > 1:
            repeated.append(own)
        if own and len(own) < len(group):
            known.extend(own)
    return Doubles(tuple(contradictory), tuple(repeated), tuple(known))


def doubles_in(folder: Path, images: Sequence[LabelledImage]) -> Doubles:
    """Find them among the labelled images of a data set, and those in its `train/good`."""
    train = folder / "train" / GOOD
    return find_doubles(images, tuple(train.iterdir()) if train.is_dir() else ())


def twins(files: Iterable[Path]) -> tuple[Group, ...]:
    """Return the groups of files with the same content, in the order of the files.

    Only files of equal size are read; what cannot be read has no twin.
    """
    by_size = _grouped((path, _size(path)) for path in dict.fromkeys(files))
    return tuple(
        group for alike in by_size for group in _grouped((path, _digest(path)) for path in alike)
    )


def _grouped(keyed: Iterable[tuple[Path, Hashable]]) -> list[Group]:
    """Return the files that share a key with another one; None is shared with nobody."""
    groups: defaultdict[Hashable, list[Path]] = defaultdict(list)
    for path, key in keyed:
        groups[key].append(path)
    return [tuple(group) for key, group in groups.items() if key is not None and len(group) > 1]


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _digest(path: Path) -> str | None:
    try:
        return digest(read_regular_file(path, MAX_BYTES))
    except OSError:
        return None
