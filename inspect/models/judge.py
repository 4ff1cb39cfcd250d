"""What judges a frame."""

from typing import Protocol

from ..core.frame import Image
from ..core.inspection import ModelRef
from ..core.judgement import Judgement
from ..core.manifest import ModelManifest


class Judge(Protocol):
    """A model that was loaded, proved and is ready."""

    @property
    def manifest(self) -> ModelManifest:
        """What the model says about itself."""
        ...

    @property
    def ref(self) -> ModelRef:
        """The identity an inspection carries."""
        ...

    def judge(self, image: Image, threshold: float) -> Judgement:
        """Judge `image` (uint8 (height, width, 3), BGR); findings are cut out at `threshold`."""
        ...
