"""The demo's images and the model taught from them, made once and kept."""

from pathlib import Path

import platformdirs

from ...core.errors import ModelError
from ...core.identity import digest
from ...core.version import VERSION
from ...models.judge import load_judge
from ..teaching import FirstTeaching, teach_model

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
    sample = find_sample()
    path = _cache() / f"washer-{digest((sample / _COMPLETE).read_bytes())[:12]}.onnx"
    if _can_judge(path):
        return path, None
    path.parent.mkdir(parents=True, exist_ok=True)
    return path, teach_model(sample, path, FirstTeaching("washer")).taught_s


def _can_judge(path: Path) -> bool:
    """Say whether a kept model is there and proves itself with this version of the product."""
    try:
        load_judge(path)
    except ModelError:
        return False
    return True


def _cache() -> Path:
    return platformdirs.user_cache_path("edgeinspect", appauthor=False) / VERSION
