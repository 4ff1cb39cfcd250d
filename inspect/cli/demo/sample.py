"""The demo's images and the model taught from them, made once and kept."""

from pathlib import Path

import platformdirs

from ...core.version import VERSION
from ..teaching import teach_model

_IN_THE_SOURCE = Path(__file__).parents[3] / "datasets" / "sample"
_COMPLETE = "labels.json"


def find_sample() -> Path:
    """Return the sample's folder: the one beside the source, else one drawn into the cache."""
    if (_IN_THE_SOURCE / _COMPLETE).is_file():
        return _IN_THE_SOURCE
    folder = _cache() / "sample"
    if not (folder / _COMPLETE).is_file():
        from ...datasets.sample.generate import generate_sample
        from ..terminal import progress

        with progress("drawing the sample") as on_progress:
            generate_sample(folder, on_image=on_progress)
    return folder


def sample_model() -> tuple[Path, float | None]:
    """Return the model of the sample, and how long teaching took, None when it was there."""
    path = _cache() / "washer.onnx"
    if path.is_file():
        return path, None
    path.parent.mkdir(parents=True, exist_ok=True)
    return path, teach_model(find_sample(), path).taught_s


def _cache() -> Path:
    return platformdirs.user_cache_path("edgeinspect", appauthor=False) / VERSION
