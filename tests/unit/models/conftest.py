"""A small product to teach from: a bright ring on a dull table, never twice the same."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from edgeinspect.core.frame import Image
from edgeinspect.models.judge import ModelJudge, load_judge
from edgeinspect.models.teach.teach import Birth, teach

DrawRing = Callable[..., Image]


@pytest.fixture(scope="session")
def draw_ring() -> DrawRing:
    """Draw ring number `seed`, with a dark blot at `blot` (x, y) when one is given."""

    def draw(seed: int, *, blot: tuple[int, int] | None = None) -> Image:
        rng = np.random.default_rng(seed)
        image = np.full((240, 320, 3), 90, np.uint8)
        middle = 160 + int(rng.integers(-3, 4)), 120 + int(rng.integers(-3, 4))
        cv2.circle(image, middle, 70, (200, 190, 180), 24, cv2.LINE_AA)
        if blot is not None:
            cv2.circle(image, blot, 14, (20, 20, 60), -1, cv2.LINE_AA)
        noisy = image + rng.normal(0, 6, image.shape) + rng.normal(0, 4)
        return np.asarray(noisy.clip(0, 255), np.uint8)

    return draw


@pytest.fixture(scope="session")
def rings(tmp_path_factory: pytest.TempPathFactory, draw_ring: DrawRing) -> tuple[Path, ...]:
    """Twelve good rings as files."""
    folder = tmp_path_factory.mktemp("rings")
    paths = tuple(folder / f"{number:02}.png" for number in range(12))
    for number, path in enumerate(paths):
        cv2.imwrite(str(path), draw_ring(number))
    return paths


@pytest.fixture(scope="session")
def ring_model(tmp_path_factory: pytest.TempPathFactory, rings: tuple[Path, ...]) -> Path:
    """The model taught from them."""
    path = tmp_path_factory.mktemp("ring-model") / "ring.onnx"
    teach(rings, path, Birth("ring", "test"))
    return path


@pytest.fixture(scope="session")
def ring_judge(ring_model: Path) -> ModelJudge:
    """The judge of that model."""
    return load_judge(ring_model)
