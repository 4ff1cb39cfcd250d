"""Evidence: a JPEG that describes itself and that every broker takes."""

import hashlib

import numpy as np
import pytest

from edgeinspect.core.frame import Image
from edgeinspect.core.limits import MAX_EVIDENCE_BYTES
from edgeinspect.datasets.images import decode_image
from edgeinspect.station.evidence import encode


def test_evidence_describes_itself(picture: Image) -> None:
    encoded = encode(picture, 90)
    assert encoded is not None
    described, content = encoded
    assert described.sha256 == hashlib.sha256(content).hexdigest()
    assert (described.width, described.height, described.bytes) == (64, 48, len(content))
    assert decode_image(content, "evidence").shape == picture.shape


@pytest.mark.parametrize("shape", [(3600, 3600, 3), (2, 70_000, 3)])
def test_a_picture_too_large_is_halved_until_it_fits(shape: tuple[int, ...]) -> None:
    noise = np.random.default_rng(0).integers(0, 255, shape, dtype=np.uint8)
    encoded = encode(noise, 100)
    assert encoded is not None
    described, content = encoded
    assert len(content) <= MAX_EVIDENCE_BYTES
    assert described.width == shape[1] // 2
