"""Features of good images: what the backbone says of every cell."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ...core.frame import Image
from ..resize import to_input
from ..runtime import inference_session
from .front import TAPS, Grid, features_model

Cells = NDArray[np.float32]
"""Features of the cells of several images, (images, cells, channels), each of unit length."""

Features = Mapping[str, Cells]
"""The cells of every tap."""


class FeatureReader:
    """Reads the features of images on one grid."""

    def __init__(self, grid: Grid, threads: int) -> None:
        self._grid = grid
        self._session = inference_session(features_model(grid).SerializeToString(), threads)

    def read(self, image: Image) -> Features:
        """Return the features of one image."""
        frame = to_input(image, self._grid.width_px, self._grid.height_px)
        outputs = self._session.run([f"{tap}.cells" for tap in TAPS], {"frame": frame})
        return {tap: np.asarray(cells)[None] for tap, cells in zip(TAPS, outputs, strict=True)}
