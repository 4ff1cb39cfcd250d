"""How well each tells good parts from bad ones, in the runtime that it is timed in."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from edgeinspect.datasets.layout import LabelledImage
from edgeinspect.quality.roc import auroc

from .entries import Entry
from .serving import Serving


def aurocs(
    entries: Sequence[Entry],
    serving: Serving,
    runtime: str,
    judged: Sequence[LabelledImage],
    folder: Path,
) -> dict[str, float]:
    """Return the image AUROC by key. Scores are kept beside what was taught."""
    files = {entry.key: folder / entry.folder / f"scores-{runtime}.json" for entry in entries}
    missing = [key for key, file in files.items() if not file.is_file() and key in serving.workers]
    said = serving.judged(missing, [image.path for image in judged])
    for key, answers in said.items():
        files[key].write_text(json.dumps([answer["score"] for answer in answers]))
    is_good = np.array([image.is_good for image in judged])
    ranked = {}
    for key, file in files.items():
        if file.is_file():
            scores = np.array(json.loads(file.read_text()), np.float64)
            ranked[key] = auroc(scores[is_good], scores[~is_good])
    return ranked
