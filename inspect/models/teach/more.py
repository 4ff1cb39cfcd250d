"""Teaching a model more, and taking the last lesson back."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from ...core.errors import ModelError
from ...core.manifest import Addition, ModelManifest
from ..envelope import check_place
from ..file import ModelFile, read_model
from ..placement import Laying
from ..progress import OnProgress, Tell, in_stages, silent, tell_nobody
from .cache import TeachingCache, read_cache
from .drawn.drawn import loudest_of
from .form import Form, Size, form_of
from .learn import steps_of
from .looking import MOST_IMAGES, look
from .mixture import mixture
from .teach import Birth, finish


def teach_more(
    images: Sequence[Path],
    old: Path,
    output: Path,
    created_by: str,
    *,
    on_progress: OnProgress = silent,
    tell: Tell = tell_nobody,
    threads: int = 2,
) -> ModelManifest:
    """Fold more good images into the model at `old` and write the new one to `output`.

    Images it was taught on already are left out. Raises ModelError when there is nothing new, or
    what the old model saw is not beside it.
    """
    check_place(output)
    file, form, cache = _opened(old)
    laying = Laying.of(file.manifest)
    stages = len(images), len(images) if cache.drawn else 0, steps_of(form)
    look_at, listen, on_step = in_stages(on_progress, stages)
    seen = look(images, form, laying, threads, look_at)
    if cache.marked is not None:
        cache.marked.check_apart(seen, images)
    known = set(cache.looked.digests)
    fresh = [place for place, each in enumerate(seen.digests) if each not in known]
    if not fresh:
        raise ModelError(f"{old}: was taught on all of these images already; give new ones.")
    if len(cache.looked) + len(fresh) > MOST_IMAGES:
        raise ModelError(f"{old}: would have more than {MOST_IMAGES} images; teach it anew.")
    new = seen.only(np.array(fresh))
    if mixed := mixture(cache.looked.kinds + new.kinds):
        tell(mixed)
    loudest = None
    if cache.drawn is not None:
        paths = [images[place] for place in fresh]
        loudest = loudest_of(paths, cache.drawn.head, form, laying, threads, listen)
    addition = Addition(
        images=len(new), sha256=new.sha256, added_at=datetime.now(UTC), added_by=created_by
    )
    birth = _next(file, created_by, (*file.manifest.additions, addition))
    return _finished(file, form, cache.and_also(new, loudest), birth, output, on_step)


def take_back(
    old: Path, output: Path, created_by: str, *, on_progress: OnProgress = silent
) -> ModelManifest:
    """Write to `output` the model at `old` as it was before its last addition.

    Raises ModelError when nothing was added to it.
    """
    check_place(output)
    file, form, cache = _opened(old)
    if not file.manifest.additions:
        raise ModelError(f"{old}: nothing was added to this model, so nothing can be taken back.")
    birth = _next(file, created_by, file.manifest.additions[:-1])
    (on_step,) = in_stages(on_progress, (steps_of(form),))
    return _finished(file, form, cache.without_last(), birth, output, on_step)


def _opened(path: Path) -> tuple[ModelFile, Form, TeachingCache]:
    file = read_model(path)
    manifest = file.manifest
    if manifest.family != "anomaly" or manifest.grade is None:
        raise ModelError(f"{path}: a {manifest.family}; only a model taught here learns more.")
    if manifest.quantised is not None:
        raise ModelError(
            f"{path}: counts in 8 bits and cannot be taught; teach the model it was made from, "
            "then quantize that."
        )
    size = Size(manifest.input_width_px, manifest.input_height_px)
    form = form_of(
        manifest.grade,
        size,
        knows_defects=manifest.known is not None,
        draws_boxes=manifest.findings == "boxed-map/1",
    )
    return file, form, read_cache(path, file.sha256, form)


def _next(file: ModelFile, created_by: str, additions: tuple[Addition, ...]) -> Birth:
    manifest = file.manifest
    grade = manifest.grade
    assert grade is not None
    return Birth(manifest.name, created_by, grade, manifest.version + 1, additions)


def _finished(
    file: ModelFile,
    form: Form,
    cache: TeachingCache,
    birth: Birth,
    output: Path,
    on_step: Callable[[int], None],
) -> ModelManifest:
    pictures = [reference.image() for reference in file.references]
    laying = Laying.of(file.manifest)
    return finish(cache, form, laying, birth, pictures, output, on_step).manifest
