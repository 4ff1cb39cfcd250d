from pathlib import Path

import pytest

from edgeinspect.datasets.doubles import Doubles, doubles_in, find_doubles, twins
from edgeinspect.datasets.layout import LabelledImage
from edgeinspect.datasets.layout import test_images as labelled_images


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    for folder in ("train/good", "test/good", "test/dent", "test/chip"):
        (tmp_path / folder).mkdir(parents=True)
        for number in range(3):
            (tmp_path / folder / f"{number}.png").write_bytes(f"{folder} {number}".encode())
    return tmp_path


def _copy(parts: Path, source: str, target: str) -> Path:
    (parts / target).write_bytes((parts / source).read_bytes())
    return parts / target


def test_different_pictures_have_no_doubles(parts: Path) -> None:
    assert doubles_in(parts, labelled_images(parts)) == Doubles((), (), ())


def test_doubles_are_told_by_what_they_spoil(parts: Path) -> None:
    wrong = _copy(parts, "test/dent/0.png", "test/good/a.png")
    unclear = _copy(parts, "test/dent/1.png", "test/chip/b.png")
    again = _copy(parts, "test/chip/2.png", "test/chip/c.png")
    taught = _copy(parts, "train/good/2.png", "test/good/d.png")
    found = doubles_in(parts, labelled_images(parts))
    dent = parts / "test" / "dent"
    assert set(map(frozenset, found.contradictory)) == {
        frozenset({dent / "0.png", wrong}),
        frozenset({dent / "1.png", unclear}),
    }
    assert found.repeated == ((parts / "test/chip/2.png", again),)
    assert found.taught == (taught,)


def test_copies_among_the_taught_do_not_matter(parts: Path) -> None:
    _copy(parts, "train/good/0.png", "train/good/copy.png")
    assert doubles_in(parts, labelled_images(parts)) == Doubles((), (), ())


def test_what_cannot_be_read_has_no_twin(tmp_path: Path) -> None:
    gone = tmp_path / "gone.png"
    assert twins([gone, gone, tmp_path]) == ()
    image = LabelledImage(gone, "good")
    assert find_doubles([image, image]) == Doubles((), (), ())
