import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from edgeinspect.core.errors import ModelError
from edgeinspect.models.envelope import MANIFEST
from edgeinspect.models.file import ModelFile, read_model, write_model
from edgeinspect.models.judge import load_judge

Spoil = Callable[[onnx.ModelProto], None]


@pytest.fixture(scope="module")
def ring_file(ring_model: Path) -> ModelFile:
    return read_model(ring_model)


def _rewritten(file: ModelFile, spoil: Spoil, path: Path) -> Path:
    """Write a model with a spoilt graph and a fitting identity, as an attacker could."""
    graph = onnx.load_model_from_string(file.graph)
    spoil(graph)
    write_model(path, graph, file.manifest, file.references)
    return path


def _add_node(graph: onnx.ModelProto, node: onnx.NodeProto) -> None:
    graph.graph.node.insert(0, node)


def _foreign_operator(model: onnx.ModelProto) -> None:
    model.opset_import.append(helper.make_opsetid("evil.corp", 1))
    _add_node(model, helper.make_node("Run", ["frame"], ["x"], domain="evil.corp"))


def _foreign_domain_only(model: onnx.ModelProto) -> None:
    _add_node(model, helper.make_node("Add", ["frame", "frame"], ["x"], domain="evil.corp"))


def _external_weights(model: onnx.ModelProto) -> None:
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="/etc/passwd")


def _loop(model: onnx.ModelProto) -> None:
    body = helper.make_graph([], "body", [], [])
    _add_node(model, helper.make_node("Loop", ["frame"], ["x"], body=body))


def _giant_dimensions(model: onnx.ModelProto) -> None:
    del model.graph.initializer[0].dims[:]
    model.graph.initializer[0].dims.extend([2**40, 2**40])


def _bomb(model: onnx.ModelProto) -> None:
    for name, shape in (("column", (20_000, 1)), ("row", (1, 20_000))):
        tensor = helper.make_tensor(name, TensorProto.FLOAT, shape, bytes(80_000), raw=True)
        model.graph.initializer.append(tensor)
    _add_node(model, helper.make_node("MatMul", ["column", "row"], ["x"]))


def _weights(model: onnx.ModelProto, shape: tuple[int, int]) -> None:
    zeros = bytes(2 * shape[0] * shape[1])
    model.graph.initializer.append(
        helper.make_tensor("w.half", TensorProto.FLOAT16, shape, zeros, raw=True)
    )
    cast = helper.make_node("Cast", ["w.half"], ["w"], to=TensorProto.FLOAT)
    model.graph.node.insert(0, cast)


def _folding(model: onnx.ModelProto) -> None:
    _weights(model, (2000, 2000))
    model.graph.node.append(helper.make_node("MatMul", ["w", "w"], ["x"]))


def _many_steps(model: onnx.ModelProto) -> None:
    for number in range(1001):
        _add_node(model, helper.make_node("Relu", ["score"], [f"x{number}"]))


def _many_large_steps(model: onnx.ModelProto) -> None:
    names = [f"x{number}" for number in range(30)]
    _add_node(model, helper.make_node("Max", names, ["highest"]))
    for name in names:
        _add_node(model, helper.make_node("Add", ["frame.row", "frame.half"], [name]))
    _rows_of_frame(model)


def _floats_of_frame(model: onnx.ModelProto) -> None:
    _add_node(model, helper.make_node("Transpose", ["frame.f"], ["frame.t"], perm=[2, 0, 1]))
    _add_node(model, helper.make_node("Cast", ["frame"], ["frame.f"], to=TensorProto.FLOAT))


def _rows_of_frame(model: onnx.ModelProto) -> None:
    """Give (384, 1, 384, 3), and (1, 192, 384, 3): their sum holds 85 million numbers."""
    for name, axis, source in (("row", 1, "frame.f"), ("half", 0, "frame.pooled")):
        place = numpy_helper.from_array(np.array([axis]), f"axis.{name}")
        model.graph.initializer.append(place)
        _add_node(model, helper.make_node("Unsqueeze", [source, place.name], [f"frame.{name}"]))
    places = numpy_helper.from_array(np.arange(192), "half.places")
    model.graph.initializer.append(places)
    _add_node(model, helper.make_node("Gather", ["frame.f", places.name], ["frame.pooled"]))
    _floats_of_frame(model)


def _hard_work(model: onnx.ModelProto) -> None:
    for number in range(500):
        _add_node(model, helper.make_node("MatMul", ["frame.t", "w"], [f"x{number}"]))
    _floats_of_frame(model)
    _weights(model, (384, 384))


def _huge_step(model: onnx.ModelProto) -> None:
    rows = numpy_helper.from_array(np.array([1]), "axis.rows")
    columns = numpy_helper.from_array(np.array([0]), "axis.columns")
    model.graph.initializer.extend([rows, columns])
    _add_node(model, helper.make_node("Add", ["frame.rows", "frame.columns"], ["x"]))
    _add_node(model, helper.make_node("Unsqueeze", ["frame.f", rows.name], ["frame.rows"]))
    _add_node(model, helper.make_node("Unsqueeze", ["frame.f", columns.name], ["frame.columns"]))
    _floats_of_frame(model)


def _many_integers(model: onnx.ModelProto) -> None:
    numbers = helper.make_tensor("places", TensorProto.INT64, (1025,), bytes(8200), raw=True)
    model.graph.initializer.append(numbers)


def _claimed_sizes(model: onnx.ModelProto) -> None:
    model.graph.value_info.append(helper.make_tensor_value_info("x", TensorProto.FLOAT, [1]))


def _long_list(model: onnx.ModelProto) -> None:
    model.graph.initializer[0].float_data.extend([0.0] * 17_000)


def _many_fields(model: onnx.ModelProto) -> None:
    for _ in range(61_000):
        model.graph.node.add()


def _unknown_size(model: onnx.ModelProto) -> None:
    model.graph.input[0].type.tensor_type.shape.dim[0].dim_param = "any"


def _old_operators(model: onnx.ModelProto) -> None:
    model.opset_import[0].version = 7


def _other_outputs(model: onnx.ModelProto) -> None:
    model.graph.output[0].name = "verdict"


HOSTILE = {
    _foreign_operator: "operator set 'evil.corp'",
    _foreign_domain_only: "operator evil.corp.Add",
    _external_weights: "in another file",
    _loop: "operator Loop",
    _giant_dimensions: "another size than they claim",
    _bomb: "computes MatMul from constants alone",
    _folding: "computes MatMul from constants alone",
    _many_steps: "more than 1000 steps",
    _huge_step: "huge size",
    _many_large_steps: "more memory than any",
    _hard_work: "more time than any",
    _many_integers: "more than 1024 integers",
    _claimed_sizes: "claims the sizes",
    _long_list: "long lists of numbers",
    _many_fields: "more than 60000 fields",
    _unknown_size: "does not take one frame",
    _old_operators: "version 7 of the ONNX operators",
    _other_outputs: "does not answer with score and anomaly map",
}


@pytest.mark.parametrize(("spoil", "said"), HOSTILE.items(), ids=lambda each: str(each)[:24])
def test_a_hostile_graph_is_refused_before_it_runs(
    spoil: Spoil, said: str, ring_file: ModelFile, tmp_path: Path
) -> None:
    path = _rewritten(ring_file, spoil, tmp_path / "hostile.onnx")
    with pytest.raises(ModelError, match=f"hostile.onnx: refused, for it .*{said}"):
        read_model(path)


def test_what_is_written_is_read_back(ring_file: ModelFile, tmp_path: Path) -> None:
    path = _rewritten(ring_file, lambda _: None, tmp_path / "same.onnx")
    again = read_model(path)
    assert again == ring_file
    assert [each.name for each in tmp_path.iterdir()] == ["same.onnx"]


def test_any_other_manifest_is_another_model(ring_file: ModelFile, tmp_path: Path) -> None:
    graph = onnx.load_model_from_string(ring_file.graph)
    renamed = ring_file.manifest.model_copy(update={"name": "other"})
    written = write_model(tmp_path / "other.onnx", graph, renamed, ring_file.references)
    assert written.sha256 != ring_file.sha256


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99, 0.99999])
def test_a_cut_file_is_refused(share: float, ring_model: Path, tmp_path: Path) -> None:
    content = ring_model.read_bytes()
    path = tmp_path / "cut.onnx"
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(ModelError, match=r"cut\.onnx: "):
        load_judge(path)


def test_an_edited_manifest_is_refused(ring_model: Path, tmp_path: Path) -> None:
    model = onnx.load(ring_model)
    for entry in model.metadata_props:
        if entry.key == MANIFEST:
            entry.value = entry.value.replace('"name":"ring"', '"name":"wing"')
    path = tmp_path / "edited.onnx"
    onnx.save(model, path)
    with pytest.raises(ModelError, match="edited since it was made"):
        load_judge(path)


def test_an_edited_weight_is_refused(ring_model: Path, tmp_path: Path) -> None:
    content = bytearray(ring_model.read_bytes())
    content[len(content) // 2] ^= 1
    path = tmp_path / "edited.onnx"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"edited since it was made|cut short"):
        load_judge(path)


def test_a_note_added_beside_the_manifest_is_refused(ring_model: Path, tmp_path: Path) -> None:
    model = onnx.load(ring_model)
    model.metadata_props.add(key="note", value="trust me")
    path = tmp_path / "noted.onnx"
    onnx.save(model, path)
    with pytest.raises(ModelError, match="not a model of this product"):
        read_model(path)


def test_an_onnx_file_of_someone_else_is_refused(ring_file: ModelFile, tmp_path: Path) -> None:
    path = tmp_path / "theirs.onnx"
    path.write_bytes(ring_file.graph)
    with pytest.raises(ModelError, match="not a model of this product"):
        read_model(path)


def test_text_named_like_a_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "text.onnx"
    path.write_text("this is no model")
    with pytest.raises(ModelError, match=r"text\.onnx: "):
        read_model(path)


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"gone\.onnx: cannot be read"):
        read_model(tmp_path / "gone.onnx")


def test_writing_where_nothing_can_be_written_leaves_nothing(
    ring_file: ModelFile, tmp_path: Path
) -> None:
    graph = onnx.load_model_from_string(ring_file.graph)
    taken = tmp_path / "taken.onnx"
    taken.mkdir()
    with pytest.raises(ModelError, match="is a folder"):
        write_model(taken, graph, ring_file.manifest, ring_file.references)
    assert [each.name for each in tmp_path.iterdir()] == ["taken.onnx"]


def test_a_model_without_an_end_is_refused() -> None:
    with pytest.raises(ModelError, match=r"^/dev/zero: cannot be read \(it is no regular file\)"):
        read_model(Path("/dev/zero"))


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe.onnx"
    os.mkfifo(path)
    with pytest.raises(ModelError, match=r"pipe\.onnx: cannot be read \(it is no regular file\)"):
        read_model(path)


def test_a_text_that_is_there_twice_is_refused(ring_model: Path, tmp_path: Path) -> None:
    model = onnx.load(ring_model)
    model.metadata_props.append(model.metadata_props[0])
    path = tmp_path / "twice.onnx"
    onnx.save(model, path)
    with pytest.raises(ModelError, match="not a model of this product"):
        read_model(path)


def test_a_model_can_be_checked_by_other_means(ring_model: Path) -> None:
    """As docs/models/file.md tells it, with nothing of this product."""
    page = Path(__file__).parents[3] / "docs" / "models" / "file.md"
    code = re.search(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assert code is not None
    command = [sys.executable, "-I", "-c", code[1], str(ring_model)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert told.splitlines()[0] == read_model(ring_model).sha256


def test_a_file_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.onnx"
    with path.open("wb") as file:
        file.truncate(120_000_001)
    with pytest.raises(ModelError, match=r"large\.onnx: larger than 120 MB"):
        read_model(path)


def test_a_manifest_too_large_is_refused(ring_file: ModelFile, tmp_path: Path) -> None:
    graph = onnx.load_model_from_string(ring_file.graph)
    wordy = ring_file.manifest.model_copy(update={"created_by": "x" * 12_000_001})
    path = tmp_path / "wordy.onnx"
    write_model(path, graph, wordy, ring_file.references)
    with pytest.raises(ModelError, match="texts or names that are too long"):
        read_model(path)
