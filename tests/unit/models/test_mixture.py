"""Pictures of several kinds are taught, and said to be a mixture."""

from pathlib import Path

import cv2
import pytest

from edgeinspect.datasets.images import read_image
from edgeinspect.models.teach.looking import Kind
from edgeinspect.models.teach.mixture import mixture
from edgeinspect.models.teach.teach import Birth, teach

COLOUR, GREY = Kind(640, 480, grey=False), Kind(640, 480, grey=True)


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        ([COLOUR] * 10 + [Kind(200, 300, grey=True)] * 100, "sizes from 200x300 to 640x480 and"),
        ([COLOUR] * 10 + [Kind(200, 300, grey=True)] * 100, "100 grey pictures among 10 in colour"),
        ([COLOUR] * 9 + [GREY], "a mixture, 1 grey picture among 9 in colour; frames"),
        ([COLOUR, Kind(480, 640, grey=False), Kind(640, 960, grey=False)], "480x640 to 640x960"),
        ([GREY, Kind(640, 721, grey=True)], "a mixture, sizes from 640x480 to 640x721; frames"),
    ],
)
def test_what_is_mixed_is_named(kinds: list[Kind], words: str) -> None:
    assert words in str(mixture(kinds))


@pytest.mark.parametrize("kinds", [[COLOUR], [GREY] * 8, [COLOUR, Kind(430, 720, grey=False)]])
def test_one_kind_is_no_mixture(kinds: list[Kind]) -> None:
    assert mixture(kinds) is None


def test_who_teaches_hears_of_it(rings: tuple[Path, ...], tmp_path: Path) -> None:
    grey = tmp_path / "grey.png"
    cv2.imwrite(str(grey), read_image(rings[0])[:, :, 0])
    said: list[str] = []
    teach((*rings[:8], grey), tmp_path / "m.onnx", Birth("ring", "test"), tell=said.append)
    assert ["1 grey picture among 8 in colour" in each for each in said] == [True]
    teach(rings[:8], tmp_path / "m.onnx", Birth("ring", "test"), tell=said.append)
    assert len(said) == 1
