"""Labels that cannot be right are refused in one sentence that says where."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from label_files import WRITERS, Picture

from edgeinspect.core.errors import DatasetError
from edgeinspect.datasets.labels.read import Form, form_of, read_boxes
from edgeinspect.datasets.labels.unlabelled import Unlabelled

CLASSES = ("scratch", "dent")
PICTURES = (
    Picture("a", 80, 60, ((0, 10, 10, 30, 20), (1, 40, 30, 60, 50))),
    Picture("b", 60, 80, ((1, 5, 5, 25, 45),)),
    Picture("good", 64, 64, ()),
)


@pytest.fixture(params=WRITERS)
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def labelled(form: str, tmp_path: Path) -> Path:
    WRITERS[form](tmp_path / "set", CLASSES, PICTURES)
    return tmp_path / "set"


@pytest.fixture
def yolo(tmp_path: Path) -> Path:
    WRITERS["yolo"](tmp_path / "set", CLASSES, PICTURES)
    return tmp_path / "set"


@pytest.fixture
def voc(tmp_path: Path) -> Path:
    WRITERS["voc"](tmp_path / "set", CLASSES, PICTURES)
    return tmp_path / "set"


@pytest.fixture
def coco(tmp_path: Path) -> Path:
    WRITERS["coco"](tmp_path / "set", CLASSES, PICTURES)
    return tmp_path / "set"


def _image(root: Path, stem: str) -> Path:
    return next(root.rglob(f"{stem}.png"))


def test_the_form_is_told_by_what_lies_there(form: str, labelled: Path) -> None:
    assert form_of(labelled) == form


def test_an_image_without_a_label_is_refused_by_name(labelled: Path) -> None:
    extra = _image(labelled, "a").with_name("z.png")
    shutil.copy(_image(labelled, "a"), extra)
    with pytest.raises(DatasetError, match=r"z\.png: has no label"):
        read_boxes(labelled)


def test_unlabelled_images_are_good_or_skipped_on_demand(labelled: Path) -> None:
    shutil.copy(_image(labelled, "a"), _image(labelled, "a").with_name("z.png"))
    good = read_boxes(labelled, unlabelled=Unlabelled.GOOD)
    assert [image.boxes for image in good.images if image.path.stem == "z"] == [()]
    skipped = read_boxes(labelled, unlabelled=Unlabelled.SKIP)
    assert len(skipped.images) == len(PICTURES)


def test_an_image_that_is_missing_is_named(labelled: Path) -> None:
    _image(labelled, "b").unlink()
    with pytest.raises(DatasetError, match=r"\bb\.(txt|png|xml|json)|'b\.png'"):
        read_boxes(labelled)


def test_an_image_that_is_none_is_named(labelled: Path) -> None:
    _image(labelled, "b").write_text("no picture")
    with pytest.raises(DatasetError, match=r"b\.png: not an image"):
        read_boxes(labelled)


@pytest.mark.parametrize(
    "box", [(70, 10, 90, 20), (-9, 10, 20, 20), (10, 10, 10, 20), (20, 10, 10, 20), (1, 1, 5, 99)]
)
def test_a_box_outside_or_without_inside_is_refused(
    form: str, box: tuple[float, ...], tmp_path: Path
) -> None:
    wrong = Picture("wrong", 80, 60, ((0, 1, 1, 9, 9), (1, *box)))  # type: ignore[arg-type]
    WRITERS[form](tmp_path / "set", CLASSES, (PICTURES[0], wrong))
    places = {
        "yolo": r"wrong\.txt, line 2",
        "coco": r"labels\.json, annotations\[3\]",
        "voc": r"wrong\.xml, line 6",
        "corners": r"wrong\.txt, line 2",
    }
    with pytest.raises(DatasetError, match=places[form] + ": the box"):
        read_boxes(tmp_path / "set")


def test_a_box_that_sticks_out_by_a_pixel_is_cut(form: str, tmp_path: Path) -> None:
    WRITERS[form](tmp_path / "set", CLASSES, (Picture("edge", 80, 60, ((0, -1, 5, 40, 60.5),)),))
    (image,) = read_boxes(tmp_path / "set").images
    assert image.boxes[0].box_px == pytest.approx((0, 5, 40, 60))


def test_one_box_of_two_classes_is_refused(form: str, tmp_path: Path) -> None:
    twice = Picture("twice", 80, 60, ((0, 10, 10, 30, 20), (1, 10, 10, 30, 20)))
    WRITERS[form](tmp_path / "set", CLASSES, (twice,))
    with pytest.raises(DatasetError, match="this box is 'dent', and 'scratch' in"):
        read_boxes(tmp_path / "set")


def test_the_same_box_twice_counts_once(form: str, tmp_path: Path) -> None:
    twice = Picture("twice", 80, 60, ((0, 10, 10, 30, 20), (0, 10, 10, 30, 20)))
    WRITERS[form](tmp_path / "set", CLASSES, (twice,))
    (image,) = read_boxes(tmp_path / "set").images
    assert len(image.boxes) == 1


def test_a_folder_without_labels_is_refused(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), np.zeros((20, 20, 3), np.uint8))
    with pytest.raises(DatasetError, match="no labels in it"):
        read_boxes(tmp_path)
    with pytest.raises(DatasetError, match="no such folder"):
        read_boxes(tmp_path / "nowhere")


def test_two_forms_in_one_folder_are_refused(yolo: Path) -> None:
    WRITERS["voc"](yolo, CLASSES, ())
    (yolo / "Annotations" / "a.xml").write_text("<annotation></annotation>")
    with pytest.raises(DatasetError, match="the forms yolo and voc"):
        read_boxes(yolo)
    assert len(read_boxes(yolo, form=Form.YOLO).images) == len(PICTURES)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("9 0.5 0.5 0.1 0.1", "line 1: class 9, but there are only 0 to 1"),
        ("-1 0.5 0.5 0.1 0.1", "line 1: '-1' is no class number"),
        ("0 0.5 half 0.1 0.1", "line 1: 'half' is no number"),
        ("0 0.5 0.5 0.1", "line 1: 4 words"),
        ("0 0.5 0.5 0.1 0.1 0.9", "line 1: 6 words"),
        ("0 nan 0.5 0.1 0.1", "line 1: a side of the box is no number"),
        ("0 40 30 10 10", "line 1: the box .* is not in the image"),
    ],
)
def test_a_wrong_yolo_line_is_named(yolo: Path, line: str, said: str) -> None:
    (yolo / "labels" / "a.txt").write_text(line)
    with pytest.raises(DatasetError, match=r"a\.txt, " + said):
        read_boxes(yolo)


def test_a_yolo_polygon_is_the_box_around_it(yolo: Path) -> None:
    (yolo / "labels" / "a.txt").write_text("1 0.1 0.5 0.5 0.25 0.3 0.75")
    (image, *_) = read_boxes(yolo).images
    assert image.boxes[0].box_px == pytest.approx((8, 15, 40, 45))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("train: images", "does not name the classes"),
        ("train: images\nnames: [a]\nnc: 2", "nc is 2, but names has 1;"),
        ("train: images\nnames: [a, a]", "names the class 'a' twice"),
        ("train: images\nnames: {0: a, 2: b}", "not numbered 0, 1, 2"),
        ("train: nowhere\nnames: [a, b]", "`train` names nowhere, which is not there"),
        ("train: [images\nnames: 3", "line 2: no YAML"),
        ("names: [a, b]", "does not say where the images are"),
        ("train: images\nnames: !!python/object/apply:os.system [ls]", "no YAML"),
    ],
)
def test_a_wrong_data_yaml_is_named(yolo: Path, text: str, said: str) -> None:
    (yolo / "data.yaml").write_text(text)
    with pytest.raises(DatasetError, match=said):
        read_boxes(yolo)


DOCTYPE = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]>\n<annotation>&x;</annotation>'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (DOCTYPE, "declares a document type"),
        ("<annotation>\n<object>", "line 2: no XML"),
        ("<kml></kml>", "begin with <annotation>"),
        ("<annotation>" + "<a>" * 20, "nested too deeply"),
        ("<annotation><filename>" + "x" * 5000, "a text without an end"),
        (
            "<annotation>\n<object><name>dent</name></object></annotation>",
            "line 2: the object has no xmin",
        ),
        (
            "<annotation>\n\n<object><name>rust</name></object></annotation>",
            "line 3: the class 'rust' is not among",
        ),
        (
            "<annotation><size><width>9</width><height>9</height></size></annotation>",
            "says 9x9, but a.png is 80x60",
        ),
    ],
)
def test_a_wrong_voc_file_is_named(voc: Path, text: str, said: str) -> None:
    (voc / "Annotations" / "a.xml").write_text(text)
    with pytest.raises(DatasetError, match=r"a\.xml.*" + said):
        read_boxes(voc)


Spoil = Callable[[dict[str, list[dict[str, object]]]], object]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda said: said.pop("categories"), "has no list `categories`"),
        (lambda said: said["annotations"][1].pop("bbox"), r"annotations\[1\]: `bbox` is missing"),
        (lambda said: said["annotations"][1].update(bbox=[1, 2]), "is not left, top, width"),
        (lambda said: said["annotations"][1].update(image_id=99), "image 99 is not listed"),
        (lambda said: said["annotations"][1].update(category_id=5), "category 5 is not listed"),
        (lambda said: said["images"][1].update(width=9), "image 11: 9x80, but b.png is 60x80"),
        (lambda said: said["images"][1].update(id=10), "two images have the same id"),
        (lambda said: said["images"][1].update(file_name="../../etc/b.jpg"), "is not in"),
    ],
)
def test_a_wrong_coco_file_is_named(coco: Path, spoil: Spoil, said: str) -> None:
    file = coco / "labels.json"
    document = json.loads(file.read_text())
    spoil(document)
    file.write_text(json.dumps(document))
    with pytest.raises(DatasetError, match=r"labels\.json.*" + said):
        read_boxes(coco)


def test_a_cut_coco_file_is_named_with_its_line(coco: Path) -> None:
    file = coco / "labels.json"
    file.write_text(json.dumps(json.loads(file.read_text()), indent=1)[:-30])
    with pytest.raises(DatasetError, match=r"labels\.json, line \d+: no JSON"):
        read_boxes(coco)


def test_coco_files_that_disagree_are_refused(coco: Path) -> None:
    document = json.loads((coco / "labels.json").read_text())
    document["categories"][0]["name"] = "rust"
    (coco / "more.json").write_text(json.dumps(document))
    with pytest.raises(DatasetError, match=r"category 1 is 'rust' here and 'scratch'"):
        read_boxes(coco)
