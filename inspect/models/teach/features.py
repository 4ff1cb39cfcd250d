"""Features of good images: what the backbone says of every cell."""

from collections.abc import Mapping

import numpy as np

from ...core.frame import Image
from ..placed import Placed
from ..placement import Laying, laid
from ..runtime import inference_session
from .expert import Cells
from .form import Form, Tap
from .front import features_model

Features = Mapping[Tap, Cells]
"""The cells of every tap."""


class FeatureReader:
    """Reads the features of images in one form, laid as the model will lay them."""

    def __init__(self, form: Form, laying: Laying, threads: int) -> None:
        self._form = form
        self._laying = laying
        self._session = inference_session(features_model(form).SerializeToString(), threads)

    def read(self, image: Image) -> Features:
        """Return the features of one image."""
        return self.read_placed(self.laid(image))

    def laid(self, image: Image) -> Placed:
        """Lay an image into the input."""
        size = self._form.input
        return laid(image, size.width_px, size.height_px, self._laying)

    def read_placed(self, placed: Placed) -> Features:
        """Return the features of one image that was laid into the input."""
        outputs = self._session.run(
            [f"{tap.name}.cells" for tap in self._form.taps], {"frame": placed.pixels}
        )
        cells = [np.asarray(each, np.float16)[None] for each in outputs]
        return dict(zip(self._form.taps, cells, strict=True))
