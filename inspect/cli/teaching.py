"""Teaches a model while a person watches."""

import getpass
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from ..core.counted import counted
from ..core.errors import ModelError
from ..core.manifest import Grade, ModelManifest
from ..core.region import CornerPx
from ..datasets.good_parts import good_parts
from ..datasets.labels.read import Form
from ..datasets.marked import MarkedDefects, marked_defects
from .naming import model_name
from .terminal import err, progress, tell

if TYPE_CHECKING:
    from ..models.teach.form import Size


@dataclass(frozen=True, slots=True)
class Taught:
    """A model that was written, and how long it took."""

    manifest: ModelManifest
    taught_s: float


@dataclass(frozen=True, slots=True)
class FirstTeaching:
    """What may be said of a model when it is taught for the first time; `None` leaves it open."""

    name: str | None = None
    grade: Grade | None = None
    smallest_defect_px: float | None = None
    defects: Path | None = None
    classes: tuple[str, ...] = ()
    labels: Form | None = None
    region_px: tuple[CornerPx, ...] = ()

    def refuse_beside_add_to(self) -> None:
        """Raise ModelError when any of it is said where a model is taught more."""
        said = {
            "--name": self.name,
            "--grade": self.grade,
            "--smallest-defect": self.smallest_defect_px,
            "--defects": self.defects,
            "--classes": self.classes,
            "--labels": self.labels,
            "--region": self.region_px,
        }
        given = [option for option, value in said.items() if value]
        if given:
            raise ModelError(
                f"{' and '.join(given)}: said of a model's first teaching, and --add-to keeps what "
                "was said then; leave it out, or teach a new model from all images."
            )

    def marked(self) -> MarkedDefects | None:
        """Return the marked defects, if any. Raises as `marked_defects` does, and ModelError for
        names of classes, or a form of labels, without them.
        """
        if self.defects is not None:
            return marked_defects(self.defects, self.classes, self.labels)
        if self.classes:
            raise ModelError("--classes: names the classes of --defects; give these too.")
        if self.labels:
            raise ModelError("--labels: the form of the boxes of --defects; give these too.")
        return None


def teach_model(folder: Path, output: Path, first: FirstTeaching) -> Taught:
    """Teach from the good images of `folder`, and what marked defects there are, and write the
    model to `output`.

    Raises DatasetError for a folder or image that cannot be used, ModelError when there are too
    few images or the file cannot be written.
    """
    from ..models.teach.teach import Birth, teach

    images = good_parts(folder)
    marked = first.marked()
    grade = first.grade or Grade.FAST
    birth = Birth(first.name or model_name(output), getpass.getuser(), grade)
    smallest_px = first.smallest_defect_px
    fine = _fine(images[0], grade, smallest_px, first.region_px) if smallest_px else None
    for left in marked.left_out if marked else ():
        which = f"{len(left.paths)}, as {left.paths[0]}"
        err.print(f"left out, for {left.why}: {which}", markup=False)
    and_marked = f" and {len(marked.images)} with marked defects" if marked else ""
    err.print(f"teaching from {counted(len(images), 'good part')}{and_marked}")
    start = monotonic()
    with progress("teaching") as on_progress:
        manifest = teach(
            images,
            output,
            birth,
            fine=fine,
            defects=marked,
            region_px=first.region_px,
            on_progress=on_progress,
            tell=tell,
        )
    return Taught(manifest, round(monotonic() - start, 2))


def teach_model_more(folder: Path, old: Path, output: Path) -> Taught:
    """Fold the good images of `folder` into the model `old` and write the new one to `output`.

    Raises as `teach_model` does.
    """
    from ..models.teach.more import teach_more

    images = good_parts(folder)
    err.print(f"adding {counted(len(images), 'good image')} to {old}", markup=False)
    start = monotonic()
    with progress("teaching") as on_progress:
        manifest = teach_more(
            images, old, output, getpass.getuser(), on_progress=on_progress, tell=tell
        )
    return Taught(manifest, round(monotonic() - start, 2))


def take_back_last(old: Path, output: Path) -> Taught:
    """Write the model `old` as it was before its last addition to `output`.

    Raises ModelError when there is none, or the file cannot be written.
    """
    from ..models.teach.more import take_back

    start = monotonic()
    with progress("teaching") as on_progress:
        manifest = take_back(old, output, getpass.getuser(), on_progress=on_progress)
    return Taught(manifest, round(monotonic() - start, 2))


def _fine(
    image: Path, grade: Grade, smallest_defect_px: float, region_px: Sequence[CornerPx]
) -> "Size":
    from ..datasets.images import read_image
    from ..models.region import cut_out, region_in
    from ..models.teach.form import Size, fine_for

    pixels = read_image(image)
    if region_px:
        pixels = cut_out(pixels, region_in(pixels, region_px)).pixels
    height, width = pixels.shape[:2]
    return fine_for(grade, Size(width, height), smallest_defect_px)
