"""What was seen in the images a model was taught on, kept beside it so that it can learn more."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self
from zipfile import ZIP_STORED, BadZipFile

import numpy as np
from numpy.typing import NDArray

from ...core.errors import ModelError
from ...core.identity import Sha256
from ...core.manifest import ModelManifest
from ...core.whole_file import mend_of, replacing
from .drawn.cache import drawn_arrays, drawn_from
from .drawn.drawn import Drawn
from .drawn.head import Loudest
from .form import CHANNELS, Form
from .known.cache import MARKED_DIGESTS, marked_arrays, marked_from
from .known.looking import Marked
from .looking import MOST_IMAGES, Kind, Looked

_KINDS, _DIGESTS, _GATES = "kinds", "digests", "gates"
_ADDITION, _MODEL = "addition", "model"


@dataclass(frozen=True, slots=True)
class TeachingCache:
    """What was seen, with which addition each image came (0: the first teaching), the images with
    marked defects, and what was taught from drawn boxes, if any.
    """

    looked: Looked
    addition: tuple[int, ...]
    marked: Marked | None = None
    drawn: Drawn | None = None

    def and_also(self, more: Looked, loudest: Loudest | None = None) -> Self:
        """Return this cache with one more addition, and its loudest cells where boxes are drawn."""
        number = max(self.addition) + 1
        return replace(
            self,
            looked=self.looked.and_also(more),
            addition=self.addition + (number,) * len(more),
            drawn=self.drawn.and_also(loudest) if self.drawn and loudest else None,
        )

    def without_last(self) -> Self:
        """Return this cache as it was before the last addition."""
        last = max(self.addition)
        kept = np.flatnonzero(np.array(self.addition) < last)
        addition = tuple(self.addition[place] for place in kept)
        drawn = self.drawn.only(kept) if self.drawn else None
        return replace(self, looked=self.looked.only(kept), addition=addition, drawn=drawn)


def cache_path(model: Path) -> Path:
    """Return where the cache of a model file lies."""
    return model.with_suffix(".cache")


def write_cache(model: Path, sha256: Sha256, form: Form, cache: TeachingCache) -> None:
    """Write the cache of the model `sha256`, whole or not at all. Raises ModelError."""
    looked = cache.looked
    arrays: dict[str, NDArray[Any]] = {tap.name: looked.features[tap] for tap in form.taps} | {
        _KINDS: np.array([(k.width_px, k.height_px, k.grey) for k in looked.kinds], np.int64),
        _DIGESTS: np.array(looked.digests, "S64"),
        _GATES: looked.gates,
        _ADDITION: np.array(cache.addition, np.int64),
        _MODEL: np.array([sha256], "S64"),
    }
    if cache.marked is not None:
        arrays |= marked_arrays(cache.marked)
    if cache.drawn is not None:
        arrays |= drawn_arrays(cache.drawn)
    path = cache_path(model)
    try:
        with replacing(path) as file:
            np.savez(file, allow_pickle=False, **arrays)
    except OSError as error:
        raise ModelError(
            f"{path}: cannot be written ({error.strerror}), so the model was not written "
            f"either; {mend_of(error)}."
        ) from None


def read_cache(model: Path, sha256: Sha256, form: Form) -> TeachingCache:
    """Read the cache beside a model. Raises ModelError when it is missing, damaged or another's."""
    path = cache_path(model)
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            if any(each.compress_type != ZIP_STORED for each in file.zip.infolist()):
                raise ValueError("larger than it looks")
            arrays = {name: file[name] for name in file.files}
        return _checked(arrays, sha256, form)
    except FileNotFoundError:
        raise ModelError(
            f"{path}: is missing, and without it the model cannot be taught more; keep it beside "
            "the model, or teach from all images again."
        ) from None
    except (OSError, BadZipFile, ValueError, KeyError, EOFError, MemoryError):
        raise ModelError(
            f"{path}: damaged, or not of this model; teach from all images again."
        ) from None


def taught_digests(model: Path, sha256: Sha256, manifest: ModelManifest) -> frozenset[Sha256]:
    """Return the digests of the images, good and with marked defects, that a model was taught on,
    as far as a cache knows of them: the one beside it, or, for a model in 8 bits, the one that lies
    there of the model it was made from.

    None are known where there is no such cache, or it is damaged.
    """
    if manifest.quantised is None:
        return _digests_in(cache_path(model), sha256)
    beside = sorted(model.parent.glob("*.cache"))
    known = (_digests_in(path, manifest.quantised.from_sha256) for path in beside)
    return frozenset().union(*known)


def _digests_in(path: Path, sha256: Sha256) -> frozenset[Sha256]:
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            if file[_MODEL].tolist() != [sha256.encode()]:
                return frozenset()
            kinds = [name for name in (_DIGESTS, MARKED_DIGESTS) if name in file.files]
            return frozenset(each.decode() for name in kinds for each in file[name].tolist())
    except (OSError, BadZipFile, ValueError, KeyError, EOFError, MemoryError):
        return frozenset()


def _checked(arrays: dict[str, NDArray[Any]], sha256: Sha256, form: Form) -> TeachingCache:
    """Return the cache in `arrays`. Raises ValueError or KeyError unless all of it fits."""
    digests = tuple(each.decode() for each in arrays[_DIGESTS].tolist())
    images = len(digests)
    if arrays[_MODEL].tolist() != [sha256.encode()] or not 0 < images <= MOST_IMAGES:
        raise ValueError("of another model")
    features = {}
    for tap in form.taps:
        cells = arrays[tap.name]
        if cells.shape != (images, form.cells(tap), CHANNELS[tap.block]):
            raise ValueError("of another form")
        features[tap] = cells.astype(np.float16)
        if not np.isfinite(features[tap]).all():
            raise ValueError("not of numbers")
    kinds = tuple(Kind(w, h, bool(grey)) for w, h, grey in arrays[_KINDS].tolist())
    addition = tuple(arrays[_ADDITION].tolist())
    gates = arrays.get(_GATES, np.full((images, 3), np.nan))  # earlier caches have none
    if gates.shape != (images, 3) or gates.dtype != np.float64:
        raise ValueError("of another form")
    if not len(kinds) == len(addition) == images:
        raise ValueError("incomplete")
    marked = marked_from(arrays, form) if form.known_taps else None
    drawn = drawn_from(arrays, images) if form.drawn_taps else None
    return TeachingCache(Looked(features, kinds, digests, gates), addition, marked, drawn)
