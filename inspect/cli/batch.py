"""Inspects files without a station: the verdicts that a line would have given."""

from pathlib import Path
from uuid import uuid4

from ..camera.folder import load_frame
from ..core.errors import DatasetError
from ..core.inspection import Inspection
from ..datasets.images import list_images
from ..station.inspector import Inspector
from .terminal import OnProgress


def inspect_files(
    path: Path, inspector: Inspector, on_progress: OnProgress
) -> tuple[tuple[Path, Inspection], ...]:
    """Return each image file, one or all below a folder, with its inspection.

    A file that cannot be read becomes a `review` that says why.
    Raises DatasetError when there is nothing to inspect.
    """
    if not path.exists():
        raise DatasetError(f"{path}: is not there; name an image, or a folder of images.")
    files = list_images(path) if path.is_dir() else (path,)
    boot = uuid4()
    inspections = []
    for sequence, file in enumerate(files, start=1):
        frame = load_frame(file, str(file))
        inspections.append((file, inspector.inspect(frame, boot, sequence)))
        on_progress(sequence, len(files))
    return tuple(inspections)
