"""Images and labels are looked at before anything is taught from them."""

from pathlib import Path

import cv2
import pytest
import yaml
from label_files import Picture, write_yolo

from edgeinspect.core.errors import DatasetError, ImageError
from edgeinspect.core.region import CornerPx
from edgeinspect.datasets.images import read_image
from edgeinspect.datasets.labels.read import read_boxes
from edgeinspect.models.finetune.prepare import Prepared, prepare
from edgeinspect.models.finetune.stage import stage
from edgeinspect.models.progress import silent

PICTURES = tuple(Picture(f"p{n}", 64 + n, 48, ((n % 2, 4, 4 + n, 30, 25 + n),)) for n in range(10))


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    write_yolo(tmp_path / "set", ("scratch", "凹痕"), PICTURES)
    return tmp_path / "set"


def _prepared(folder: Path, region_px: tuple[CornerPx, ...] = ()) -> Prepared:
    return prepare(read_boxes(folder), 0, region_px, silent)


def test_the_trainer_is_given_the_images_and_labels_that_were_read(
    labelled: Path, tmp_path: Path
) -> None:
    prepared = _prepared(labelled)
    laid = stage(tmp_path / "data", prepared)
    assert [path.resolve() for path in laid] == [
        image.path.resolve() for image in prepared.parted.val
    ]
    again = read_boxes(tmp_path / "data")
    assert again.classes == ("scratch", "class-1")  # the trainer would fetch a font for the other
    pairs = zip(again.images, (*prepared.parted.train, *prepared.parted.val), strict=True)
    for image, original in pairs:
        assert [box.class_index for box in image.boxes] == [
            box.class_index for box in original.boxes
        ]
        for box, same in zip(image.boxes, original.boxes, strict=True):
            assert box.box_px == pytest.approx(same.box_px, abs=1e-3)
    said = yaml.safe_load((tmp_path / "data" / "data.yaml").read_text())
    assert said["path"] == str((tmp_path / "data").resolve())


@pytest.mark.parametrize("turn", [3, 6, 8])
def test_a_picture_that_is_to_be_turned_is_refused(labelled: Path, turn: int) -> None:
    pixels = read_image(labelled / "images" / "p0.png")
    content = cv2.imencode(".jpg", pixels)[1].tobytes()
    turned = labelled / "images" / "p0.jpg"
    turned.write_bytes(content[:2] + _exif(turn) + content[2:])
    (labelled / "images" / "p0.png").unlink()
    with pytest.raises(ImageError, match=r"p0\.jpg: carries a note to turn it"):
        _prepared(labelled)


def _exif(turn: int) -> bytes:
    """A JPEG segment that says: turn me so."""
    tiff = b"II*\0\x08\0\0\0" + b"\x01\0" + b"\x12\x01\x03\0\x01\0\0\0" + bytes([turn, 0, 0, 0])
    body = b"Exif\0\0" + tiff + bytes(4)
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body


def test_a_picture_the_trainer_would_repair_in_place_is_copied(
    labelled: Path, tmp_path: Path
) -> None:
    pixels = read_image(labelled / "images" / "p0.png")
    path = labelled / "images" / "p0.jpg"
    path.write_bytes(cv2.imencode(".jpg", pixels)[1].tobytes() + b"camera's note")
    (labelled / "images" / "p0.png").unlink()
    prepared = _prepared(labelled)
    assert [path for path, seen in prepared.seen.items() if not seen.alike] == [path]
    stage(tmp_path / "data", prepared)
    (copy,) = (each for each in (tmp_path / "data").rglob("*.png") if not each.is_symlink())
    assert (read_image(copy) == read_image(path)).all()


def test_the_same_picture_with_other_boxes_is_refused(labelled: Path) -> None:
    twin = labelled / "images" / "twin.png"
    twin.write_bytes((labelled / "images" / "p3.png").read_bytes())
    (labelled / "labels" / "twin.txt").write_text("0 0.5 0.5 0.2 0.2\n")
    with pytest.raises(DatasetError, match=r"twin\.png: the same picture as .*p3\.png, with other"):
        _prepared(labelled)


def test_the_same_picture_twice_counts_once(labelled: Path) -> None:
    for folder, suffix in (("images", ".png"), ("labels", ".txt")):
        source = labelled / folder / f"p3{suffix}"
        source.with_name(f"twin{suffix}").write_bytes(source.read_bytes())
    prepared = _prepared(labelled)
    assert len(prepared.parted.train) + len(prepared.parted.val) == len(PICTURES)


def test_a_damaged_picture_is_named(labelled: Path) -> None:
    path = labelled / "images" / "p5.png"
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(ImageError, match=r"p5\.png: cut short"):
        _prepared(labelled)


def test_any_other_label_or_pixel_is_another_run(labelled: Path) -> None:
    before = _prepared(labelled).sha256
    assert _prepared(labelled).sha256 == before
    (labelled / "labels" / "p4.txt").write_text("0 0.5 0.5 0.25 0.25\n")
    changed = _prepared(labelled).sha256
    assert changed != before
    pixels = read_image(labelled / "images" / "p5.png").copy()
    pixels[0, 0] += 1
    cv2.imwrite(str(labelled / "images" / "p5.png"), pixels)
    assert _prepared(labelled).sha256 != changed


IN_IT = Picture("in", 96, 80, ((0, 30, 30, 40, 44),))
ACROSS = Picture("across", 96, 80, ((1, 10, 30, 34, 50), (0, 60, 30, 90, 40)))
OUTSIDE = Picture("outside", 96, 80, ((0, 2, 2, 18, 22),))
BOX: tuple[CornerPx, ...] = (20, 24), (76, 72)
TRIANGLE: tuple[CornerPx, ...] = (20, 24), (76, 24), (20, 72)


def _framed(folder: Path, *pictures: Picture) -> Path:
    others = [Picture(f"p{n}", 96, 80, ((n % 2, 30, 30, 44, 40),)) for n in range(8)]
    write_yolo(folder, ("scratch", "dent"), [*pictures, *others])
    return folder


def test_a_detector_is_taught_in_its_region(tmp_path: Path) -> None:
    prepared = _prepared(_framed(tmp_path / "set", IN_IT, ACROSS, OUTSIDE), BOX)
    stage(tmp_path / "data", prepared)
    names = [image.path.stem for image in (*prepared.parted.train, *prepared.parted.val)]
    laid = dict(zip(names, read_boxes(tmp_path / "data").images, strict=True))
    boxes = {name: [box.box_px for box in image.boxes] for name, image in laid.items()}
    assert boxes["in"] == [pytest.approx((10, 6, 20, 20), abs=1e-3)]
    assert boxes["across"] == [  # cut to the region
        pytest.approx((0, 6, 14, 26), abs=1e-3),
        pytest.approx((40, 6, 56, 16), abs=1e-3),
    ]
    assert boxes["outside"] == []
    shown, whole = read_image(laid["in"].path), read_image(tmp_path / "set" / "images" / "in.png")
    assert (shown == whole[24:72, 20:76]).all()


def test_a_defect_outside_a_polygon_is_not_taught(tmp_path: Path) -> None:
    folder = _framed(tmp_path / "set", Picture("far", 96, 80, ((0, 60, 56, 72, 70),)), IN_IT)
    prepared = _prepared(folder, TRIANGLE)
    images = {each.path.stem: each for each in (*prepared.parted.train, *prepared.parted.val)}
    assert images["far"].boxes == ()
    assert len(images["in"].boxes) == 1


def test_another_region_is_another_run(tmp_path: Path) -> None:
    folder = _framed(tmp_path / "set", IN_IT)
    digests = {_prepared(folder, region).sha256 for region in ((), BOX, TRIANGLE)}
    assert len(digests) == 3


def test_a_region_is_for_frames_of_one_size(labelled: Path) -> None:
    with pytest.raises(DatasetError, match=r"p1\.png: 65x48 pixels, and .*p0\.png has 64x48"):
        _prepared(labelled, BOX)
