"""What the trainer is told. Standard library only: the trainer's environment has little of ours."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

PLAN, LOG = "plan.json", "log.txt"
LAST, BEST = "last.pt", "best.pt"
"""Whole checkpoints, replaced at once; the trainer's own are cut short when it is killed."""
CODE, DATA, HOME, TRAIN = "code", "data", "ultralytics", "train"
"""Folders in it: this product's source, the images, ultralytics' settings and its own run."""
NETWORK, TRAINED, COMPARED = "network.onnx", "trained.json", "compared.json"
"""What the trainer leaves in the run's folder: the network, how it was trained, what it finds."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One run. `start` is a `.pt` file of weights or the name of a network's YAML.

    `freeze` is how many of the first layers keep their weights; `close_mosaic` how many of the
    last epochs show whole images only; `device` is ultralytics' word for one, empty for the best.
    """

    data: str
    start: str
    side_px: int
    epochs: int
    patience: int
    batch: int
    freeze: int
    mosaic: float
    close_mosaic: int
    learning_rate: float
    seed: int
    device: str
    threads: int
    compare: tuple[str, ...]
    """Images on which the export is compared with the network it came from."""

    def write(self, folder: Path) -> None:
        """Write it into the run's folder."""
        (folder / PLAN).write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read it from there."""
        said = json.loads((folder / PLAN).read_text(encoding="utf-8"))
        return cls(**(said | {"compare": tuple(said["compare"])}))
