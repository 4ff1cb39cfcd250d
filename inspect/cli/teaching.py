"""Teaches a model while a person watches."""

import getpass
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from ..core.errors import ModelError
from ..core.manifest import Grade, ModelManifest
from ..datasets.layout import good_images
from ..datasets.marked import marked_defects
from .naming import model_name
from .terminal import err, progress

if TYPE_CHECKING:
    from ..models.teach.form import Size


@dataclass(frozen=True, slots=True)
class Taught:
    """A model that was written, and how long it took."""

    manifest: ModelManifest
    taught_s: float


def teach_model(
    folder: Path,
    output: Path,
    name: str | None = None,
    grade: Grade = Grade.FAST,
    smallest_defect_px: float | None = None,
    defects: Path | None = None,
) -> Taught:
    """Teach from the good images of `folder`, and the defects marked in `defects`, and write the
    model to `output`.

    Raises DatasetError for a folder or image that cannot be used, ModelError when there are too
    few images or the file cannot be written.
    """
    from ..models.teach.teach import Birth, teach

    _check_output(output)
    images = good_images(folder)
    marked = marked_defects(defects) if defects else None
    birth = Birth(name or model_name(output), getpass.getuser(), grade)
    fine = _fine(images[0], grade, smallest_defect_px) if smallest_defect_px and images else None
    if marked and marked.blank:
        err.print(f"left out, for they mark nothing: {len(marked.blank)} masks, {marked.blank[0]}")
    and_marked = f" and {len(marked.images)} with marked defects" if marked else ""
    err.print(f"teaching from {len(images)} good parts{and_marked}")
    start = monotonic()
    with progress("teaching") as on_progress:
        manifest = teach(images, output, birth, fine=fine, defects=marked, on_progress=on_progress)
    return Taught(manifest, round(monotonic() - start, 2))


def teach_model_more(folder: Path, old: Path, output: Path) -> Taught:
    """Fold the good images of `folder` into the model `old` and write the new one to `output`.

    Raises as `teach_model` does.
    """
    from ..models.teach.more import teach_more

    _check_output(output)
    images = good_images(folder)
    err.print(f"adding {len(images)} good images to {old}", markup=False)
    start = monotonic()
    with progress("teaching") as on_progress:
        manifest = teach_more(images, old, output, getpass.getuser(), on_progress=on_progress)
    return Taught(manifest, round(monotonic() - start, 2))


def take_back_last(old: Path, output: Path) -> Taught:
    """Write the model `old` as it was before its last addition to `output`.

    Raises ModelError when there is none, or the file cannot be written.
    """
    from ..models.teach.more import take_back

    _check_output(output)
    start = monotonic()
    with progress("teaching") as on_progress:
        manifest = take_back(old, output, getpass.getuser(), on_progress=on_progress)
    return Taught(manifest, round(monotonic() - start, 2))


def _fine(image: Path, grade: Grade, smallest_defect_px: float) -> "Size":
    from ..datasets.images import read_image
    from ..models.teach.form import Size, fine_for

    height, width = read_image(image).shape[:2]
    return fine_for(grade, Size(width, height), smallest_defect_px)


def _check_output(output: Path) -> None:
    if output.is_dir():
        raise ModelError(f"{output}: is a folder; name a file, such as {output / 'part.onnx'}.")
