"""Teaches a model while a person watches."""

import getpass
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from ..core.errors import ModelError
from ..core.manifest import ModelManifest
from ..datasets.layout import good_images
from .naming import model_name
from .terminal import err, progress


@dataclass(frozen=True, slots=True)
class Taught:
    """A model that was written, and how long it took."""

    manifest: ModelManifest
    taught_s: float


def teach_model(folder: Path, output: Path, name: str | None = None) -> Taught:
    """Teach from the good images of `folder` and write the model to `output`.

    Raises DatasetError for a folder or image that cannot be used, ModelError when there are too
    few images or the file cannot be written.
    """
    from ..models.teach.teach import teach

    if output.is_dir():
        raise ModelError(f"{output}: is a folder; name a file, such as {output / 'part.onnx'}.")
    images = good_images(folder)
    err.print(f"teaching from {len(images)} good parts")
    start = monotonic()
    with progress("teaching") as on_progress:
        manifest = teach(
            images,
            output,
            name=name or model_name(output),
            created_by=getpass.getuser(),
            on_progress=on_progress,
        )
    return Taught(manifest, round(monotonic() - start, 2))

