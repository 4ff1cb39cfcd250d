"""Networks from elsewhere become models that prove themselves, or are refused in a sentence."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest
from foreign_networks import write_network
from onnx import TensorProto, helper

from edgeinspect.core.errors import ModelError
from edgeinspect.core.manifest import ModelManifest
from edgeinspect.core.region import CornerPx
from edgeinspect.models.file import read_model
from edgeinspect.models.judge import load_judge
from edgeinspect.models.wrap.declared import USUAL, Layout
from edgeinspect.models.wrap.import_model import Imported, import_model
from edgeinspect.models.wrap.wrap import Declared

SIDE = 64
ROWS = np.array([[[32, 24, 20, 16, 0.1, 0.8], [10, 50, 8, 8, 0.4, 0.0]]], np.float32)
"""As YOLO answers, turned: two boxes of two classes."""
SAID = Imported("boards", "someone", "Apache-2.0", 0.3, None)
YOLO = Declared(Layout.YOLO, USUAL[Layout.YOLO], ("open", "short"), (), 0.7)


@pytest.fixture
def frames(tmp_path: Path) -> list[Path]:
    """Two frames twice as wide as high, which is not the network's shape."""
    rng = np.random.default_rng(4)
    paths = [tmp_path / f"frame{number}.png" for number in range(2)]
    for path in paths:
        cv2.imwrite(str(path), rng.integers(0, 255, (80, 160, 3), dtype=np.uint8))
    return paths


@pytest.fixture
def network(tmp_path: Path) -> Path:
    return write_network(tmp_path / "theirs.onnx", {"output0": ROWS}, side=SIDE)


def _imported(
    network: Path, frames: list[Path], declared: Declared = YOLO, said: Imported = SAID
) -> tuple[Path, ModelManifest]:
    output = network.with_name("ours.onnx")
    return output, import_model(network, output, declared, said, frames)


def test_an_imported_detector_judges_and_names_what_it_finds(
    network: Path, frames: list[Path]
) -> None:
    output, manifest = _imported(network, frames)
    judge = load_judge(output)
    assert judge.manifest == manifest
    judgement = judge.judge(np.zeros((80, 160, 3), np.uint8), 0.3)
    assert judgement.score == pytest.approx(0.8, abs=1e-6)
    # The frame is shrunk by 2.5 to 64x32 and lies 16 px down; the box of the input goes back.
    (short, opened) = judgement.findings
    assert (short.class_name, opened.class_name) == ("short", "open")
    assert short.box_px == pytest.approx((22 * 2.5, 0, 42 * 2.5, 16 * 2.5))
    assert opened.box_px == pytest.approx((6 * 2.5, 30 * 2.5, 14 * 2.5, 80), abs=1e-4)


def test_an_imported_detector_judges_its_region_alone(network: Path, frames: list[Path]) -> None:
    corners: tuple[CornerPx, ...] = (40, 16), (104, 80)
    output, manifest = _imported(network, frames, said=replace(SAID, region_px=corners))
    assert manifest.region is not None
    judge = load_judge(output)  # proved on its references, which are smaller than frames
    rng = np.random.default_rng(9)
    frame = rng.integers(0, 255, (80, 160, 3), dtype=np.uint8)
    outside = frame.copy()
    outside[:, :40] = outside[:, 104:] = outside[:16] = 0
    assert (judge.place(frame).pixels == judge.place(outside).pixels).all()
    (short, _) = judge.judge(frame, 0.3).findings
    # The region fills the input, 64 pixels each way; the box of the input goes back to the frame.
    assert short.box_px == pytest.approx((40 + 22, 16 + 16, 40 + 42, 16 + 32))


def test_a_region_that_some_frames_lack_is_refused(network: Path, frames: list[Path]) -> None:
    cv2.imwrite(str(frames[1]), np.zeros((60, 100, 3), np.uint8))
    said = replace(SAID, region_px=((0, 0), (50, 50)))
    with pytest.raises(ModelError, match=r"frame1\.png: 100x60 pixels, and the region was drawn"):
        _imported(network, frames, said=said)


def test_how_parts_are_seen_is_learned_from_its_frames(
    network: Path, frames: list[Path], tmp_path: Path
) -> None:
    assert _imported(network, frames)[1].taught_gates is None  # two are too few
    rng = np.random.default_rng(5)
    more = [tmp_path / f"more{number}.png" for number in range(8)]
    for path in more:
        cv2.imwrite(str(path), rng.integers(0, 255, (80, 160, 3), dtype=np.uint8))
    taught = _imported(network, frames + more)[1].taught_gates
    assert taught is not None
    assert taught.images == 10
    # Of the frame alone: the grey bars above and below would make it darker and of less contrast.
    assert taught.brightness.middle == pytest.approx(127.5, abs=2)
    judge = load_judge(network.with_name("ours.onnx"))
    seen = judge.judge(np.full((80, 160, 3), 250, np.uint8), 0.3).gates
    assert seen.brightness == 250
    assert seen.brightness > taught.brightness.high


def test_no_box_below_the_threshold_is_a_finding(network: Path, frames: list[Path]) -> None:
    judge = load_judge(_imported(network, frames)[0])
    assert len(judge.judge(np.zeros((80, 160, 3), np.uint8), 0.5).findings) == 1
    assert judge.judge(np.zeros((80, 160, 3), np.uint8), 0.9).findings == ()


def test_the_manifest_says_where_the_weights_come_from(network: Path, frames: list[Path]) -> None:
    _, manifest = _imported(network, frames)
    (licence,) = manifest.licences
    assert (licence.weights, licence.licence) == ("theirs.onnx", "Apache-2.0")
    assert (manifest.family, manifest.resize, manifest.training_images) == (
        "detector",
        "letterbox-114",
        0,
    )
    assert manifest.taught_frames.max_width_px == 160


def test_a_classifier_judges_the_whole_frame(tmp_path: Path, frames: list[Path]) -> None:
    logits = np.log(np.array([[0.2, 0.1, 0.7]], np.float32))
    network = write_network(tmp_path / "theirs.onnx", {"logits": logits})
    names = ("good", "dent", "rust")
    declared = Declared(Layout.CLASSIFIER, USUAL[Layout.CLASSIFIER], names, ("good",), 0.7)
    output, manifest = _imported(network, frames, declared)
    assert (manifest.family, manifest.good_classes) == ("classifier", ("good",))
    judgement = load_judge(output).judge(np.zeros((80, 160, 3), np.uint8), 0.3)
    assert judgement.score == pytest.approx(0.8, abs=1e-5)
    (finding,) = judgement.findings
    assert (finding.class_name, finding.box_px) == ("rust", (0, 0, 160, 80))


def test_references_hold_the_boxes(network: Path, frames: list[Path]) -> None:
    file = read_model(_imported(network, frames)[0])
    assert len(file.references) == 2
    for reference in file.references:
        boxes = reference.expected().boxes
        assert boxes is not None
        assert boxes[0] == pytest.approx((22, 16, 42, 32, 0.8, 1))
        assert {finding.class_name for finding in reference.findings} == {"short", "open"}


def _external(model: onnx.ModelProto) -> None:
    tensor = next(each for each in model.graph.initializer if each.name == "output0.known")
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="/etc/passwd")


def _own_operator(model: onnx.ModelProto) -> None:
    model.opset_import.append(helper.make_opsetid("theirs.plugin", 1))
    model.graph.node.append(helper.make_node("Nms", ["mean"], ["x"], domain="theirs.plugin"))


def _two_images(model: onnx.ModelProto) -> None:
    model.graph.input.append(
        helper.make_tensor_value_info("depth", TensorProto.FLOAT, [1, 1, SIDE, SIDE])
    )


def _half_input(model: onnx.ModelProto) -> None:
    model.graph.input[0].type.tensor_type.elem_type = TensorProto.FLOAT16


def _four_images(model: onnx.ModelProto) -> None:
    model.graph.input[0].type.tensor_type.shape.dim[0].dim_value = 4


def _open_size(model: onnx.ModelProto) -> None:
    for dim in model.graph.input[0].type.tensor_type.shape.dim[2:]:
        dim.dim_param = "side"


def _loop(model: onnx.ModelProto) -> None:
    one = helper.make_tensor("one", TensorProto.INT64, [], [1])
    yes = helper.make_tensor("yes", TensorProto.BOOL, [], [True])
    model.graph.initializer.extend([one, yes])
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["go"], ["on"]),
            helper.make_node("Identity", ["x"], ["y"]),
        ],
        "body",
        [
            helper.make_tensor_value_info("i", TensorProto.INT64, []),
            helper.make_tensor_value_info("go", TensorProto.BOOL, []),
            helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 2, 6]),
        ],
        [
            helper.make_tensor_value_info("on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 2, 6]),
        ],
    )
    (output,) = model.graph.output
    model.graph.node.append(
        helper.make_node("Loop", ["one", "yes", output.name], ["looped"], body=body)
    )
    output.name = "looped"


UNUSABLE: dict[Callable[[onnx.ModelProto], None], str] = {
    _external: "keeps weights in another file",
    _own_operator: "needs operators that are not ONNX's",
    _two_images: r"takes 2 inputs \(images, depth\), not one image",
    _half_input: "does not take float32",
    _four_images: "takes 4x3x64x64, not one colour image",
    _open_size: "leaves the size of its input open; say it with --size 640",
    _loop: "branches or loops",
}


@pytest.mark.parametrize(("spoil", "said"), UNUSABLE.items(), ids=lambda each: str(each)[:24])
def test_what_cannot_be_used_is_refused_and_nothing_is_written(
    spoil: Callable[[onnx.ModelProto], None], said: str, network: Path, frames: list[Path]
) -> None:
    model = onnx.load(network)
    spoil(model)
    onnx.save(model, network)
    before = set(network.parent.iterdir())
    with pytest.raises(ModelError, match=rf"theirs\.onnx: {said}"):
        _imported(network, frames)
    assert set(network.parent.iterdir()) == before


def test_an_open_size_is_taken_from_the_importer(network: Path, frames: list[Path]) -> None:
    model = onnx.load(network)
    _open_size(model)
    onnx.save(model, network)
    _, manifest = _imported(network, frames, said=replace(SAID, side_px=96))
    assert (manifest.input_width_px, manifest.input_height_px) == (96, 96)


@pytest.mark.parametrize("content", [b"", b"no network", b"\x08\x08\x12\x04pyto"])
def test_what_is_no_network_is_refused(content: bytes, network: Path, frames: list[Path]) -> None:
    network.write_bytes(content)
    with pytest.raises(ModelError, match=r"theirs\.onnx: cut short or no ONNX file"):
        _imported(network, frames)


def test_a_missing_file_or_folder_is_named(network: Path, frames: list[Path]) -> None:
    with pytest.raises(ModelError, match=r"gone\.onnx: cannot be read"):
        import_model(network.with_name("gone.onnx"), network, YOLO, SAID, frames)
    nowhere = network.parent / "nowhere" / "ours.onnx"
    with pytest.raises(ModelError, match="its folder does not exist"):
        import_model(network, nowhere, YOLO, SAID, frames)


def test_the_command_wraps_and_its_model_inspects(
    network: Path, frames: list[Path], tmp_path: Path
) -> None:
    from processes import edgeinspect, refusal

    output = tmp_path / "ours.onnx"
    folder = tmp_path / "frames"
    folder.mkdir()
    for frame in frames:
        frame.rename(folder / frame.name)
    words = ["model", "import", network, "--layout", "yolo", "--classes", "open,short"]
    words += ["--images", folder, "--licence", "MIT", "-o", output]
    manifest = json.loads(edgeinspect(*words, "--json"))
    assert manifest["classes"] == ["open", "short"]
    inspections = json.loads(edgeinspect("inspect", folder, "-m", output, "--json"))
    assert {each["verdict"] for each in inspections} == {"fail"}
    assert inspections[0]["findings"][0]["class"] == "short"
    words[words.index("open,short")] = "open,open"
    assert "names the class 'open' twice" in refusal(*words)
    words[words.index("open,open")] = "open,short,spur"
    assert "with 3 classes this layout has" in refusal(*words)
