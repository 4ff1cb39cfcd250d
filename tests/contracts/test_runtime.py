"""What every runtime must do with a model; each is the real one."""

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from foreign_networks import write_network
from processes import edgeinspect
from required import missing

from edgeinspect.core.errors import ModelError
from edgeinspect.core.runtime import Runtime
from edgeinspect.datasets.images import read_image
from edgeinspect.models.file import ModelFile, read_model
from edgeinspect.models.judge import judge_of, load_judge
from edgeinspect.models.placement import place
from edgeinspect.models.proof import prove
from edgeinspect.models.reference import Numbers
from edgeinspect.models.runtime import Session, open_session
from edgeinspect.models.runtime_choice import opened
from edgeinspect.models.wrap.declared import USUAL, Layout
from edgeinspect.models.wrap.import_model import Imported, import_model
from edgeinspect.models.wrap.wrap import Declared

ROWS = {
    Layout.YOLO: np.array([[[32, 24, 20, 16, 0.1, 0.8], [10, 50, 8, 8, 0.4, 0]]], np.float32),
    Layout.YOLO_NMS: np.array([[[10, 12, 30, 40, 0.9, 1], [40, 8, 56, 24, 0.6, 0]]], np.float32),
}


@pytest.fixture(params=[Runtime.ONNXRUNTIME, Runtime.OPENVINO], ids=lambda each: each.value)
def runtime(request: pytest.FixtureRequest) -> Runtime:
    """Each runtime that is installed."""
    if find_spec(request.param.value) is None:
        missing(f"{request.param.value} is not installed: pip install edgeinspect[openvino]")
    return Runtime(request.param)


@pytest.fixture(scope="module")
def washer_in_8_bits(
    washer_model: Path, sample: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    path = tmp_path_factory.mktemp("quantised") / "washer.onnx"
    edgeinspect("quantize", washer_model, sample, "-o", path)
    return path


def _detector(folder: Path, layout: Layout, picture: Path) -> Path:
    """Import a detector whose boxes are known: the graph chooses among them, or hands them on."""
    theirs = write_network(folder / "theirs.onnx", {"output0": ROWS[layout]})
    declared = Declared(layout, USUAL[layout], ("open", "short"), (), 0.7)
    said = Imported("boards", "someone", "Apache-2.0", 0.3, None)
    import_model(theirs, folder / "ours.onnx", declared, said, [picture])
    return folder / "ours.onnx"


@pytest.fixture(params=["float32", "8 bits", Layout.YOLO, Layout.YOLO_NMS])
def file(request: pytest.FixtureRequest, tmp_path: Path, sample: Path) -> ModelFile:
    """A model of each kind that there is."""
    if isinstance(request.param, Layout):
        picture = sorted((sample / "train" / "good").iterdir())[0]
        return read_model(_detector(tmp_path, request.param, picture))
    name = "washer_model" if request.param == "float32" else "washer_in_8_bits"
    return read_model(request.getfixturevalue(name))


@pytest.fixture
def session(file: ModelFile, runtime: Runtime) -> Session:
    return opened(file.graph, 1, runtime)


def test_a_model_proves_itself(file: ModelFile, session: Session) -> None:
    prove(file, session)


def test_it_says_who_it_is(runtime: Runtime, session: Session) -> None:
    name, version = session.runtime.split(" ")
    assert name == runtime.value
    assert all(part.isdigit() for part in version.split(".")[:2])


def test_the_same_pixels_give_the_same_answer(file: ModelFile, session: Session) -> None:
    pixels = place(file.references[0].image(), file.manifest).pixels
    first, again = session.run(pixels).outputs(), session.run(pixels).outputs()
    for name, value in first.items():
        np.testing.assert_array_equal(value, again[name])


def test_an_answer_stays_as_it_was_when_the_next_frame_comes(
    file: ModelFile, session: Session
) -> None:
    pixels = place(file.references[0].image(), file.manifest).pixels
    first = session.run(pixels).outputs()
    kept = {name: value.copy() for name, value in first.items()}
    session.run(np.zeros_like(pixels))
    for name, value in first.items():
        np.testing.assert_array_equal(value, kept[name])


def test_it_answers_as_onnxruntime_does(washer_model: Path, sample: Path, runtime: Runtime) -> None:
    file = read_model(washer_model)
    plain, session = open_session(file.graph, 1), opened(file.graph, 1, runtime)
    for path in sorted((sample / "test").glob("*/*"))[::8]:
        pixels = place(read_image(path), file.manifest).pixels
        assert session.run(pixels).score == pytest.approx(plain.run(pixels).score, rel=1e-3)


def test_an_answer_other_than_recorded_is_refused(file: ModelFile, runtime: Runtime) -> None:
    first = file.references[0]
    score = np.asarray(first.expected().score + file.manifest.threshold.value, np.float32)
    wrong = first.model_copy(update={"outputs": first.outputs | {"score": Numbers.of(score)}})
    changed = replace(file, references=(wrong, *file.references[1:]))
    with pytest.raises(ModelError, match=r"^part\.onnx: refused, its answer to reference 1"):
        judge_of(changed, Path("part.onnx"), threads=1, runtime=runtime)


def test_pixels_of_another_size_are_one_sentence(session: Session) -> None:
    with pytest.raises(ModelError, match=r"^the model cannot be run \(.+\)$"):
        session.run(np.zeros((48, 64, 3), np.uint8))


@pytest.mark.parametrize("graph", [b"", b"no graph", b"\x08\x08"])
def test_no_graph_is_one_sentence(graph: bytes, runtime: Runtime) -> None:
    with pytest.raises(ModelError, match=r"^the model cannot be opened \(.+\)$"):
        opened(graph, 1, runtime)


def test_a_judge_names_the_runtime_in_every_inspection(
    washer_model: Path, runtime: Runtime
) -> None:
    judge = load_judge(washer_model, threads=1, runtime=runtime)
    assert judge.ref.runtime.startswith(f"{runtime.value} ")


def test_the_loss_in_8_bits_is_in_the_manifest(washer_model: Path, washer_in_8_bits: Path) -> None:
    quantised = read_model(washer_in_8_bits).manifest.quantised
    assert quantised is not None
    assert quantised.from_sha256 == read_model(washer_model).sha256
    assert quantised.auroc_before - quantised.auroc_after <= 0.005
