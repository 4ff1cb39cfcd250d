from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from edgeinspect.models.progress import Steps, silent
from edgeinspect.models.quantize.convolutions import (
    Convolution,
    convolutions,
    rounded_at_both_ends,
    rounded_by,
)
from edgeinspect.models.quantize.harm import harm_of, least_harmful
from edgeinspect.models.quantize.ranges import Range, ranges_of
from edgeinspect.models.quantize.rewrite import rewritten
from edgeinspect.models.runtime import inference_session

Numbers = NDArray[np.float32]


def _model(first: Numbers, second: Numbers) -> onnx.ModelProto:
    """Two convolutions of 1x1 with a Relu between them, on a frame cast to float."""
    steps = [
        helper.make_node("Cast", ["frame"], ["taken"], to=TensorProto.FLOAT),
        helper.make_node("Cast", ["first.half"], ["first"], to=TensorProto.FLOAT),
        helper.make_node("Conv", ["taken", "first"], ["one"]),
        helper.make_node("Relu", ["one"], ["positive"]),
        helper.make_node("Conv", ["positive", "second"], ["two"]),
    ]
    graph = helper.make_graph(
        steps,
        "two",
        [helper.make_tensor_value_info("frame", TensorProto.UINT8, [1, 4, 4, 4])],
        [helper.make_tensor_value_info("two", TensorProto.FLOAT, [1, 2, 4, 4])],
        [
            numpy_helper.from_array(first.astype(np.float16), "first.half"),
            numpy_helper.from_array(second, "second"),
        ],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def _drawn(seed: int) -> tuple[onnx.ModelProto, NDArray[np.uint8]]:
    rng = np.random.default_rng(seed)
    first = rng.normal(size=(5, 4, 1, 1)).astype(np.float32)
    second = rng.normal(size=(2, 5, 1, 1)).astype(np.float32)
    return _model(first, second), rng.integers(0, 256, (1, 4, 4, 4), dtype=np.uint8)


def _run(model: onnx.ModelProto, frame: NDArray[np.uint8]) -> Numbers:
    return np.asarray(
        inference_session(model.SerializeToString(), 1).run(["two"], {"frame": frame})[0]
    )


def test_convolutions_are_found() -> None:
    found = convolutions(_drawn(0)[0])
    assert found == (
        Convolution("one", "taken", "first", "", "positive", True, 5 * 4 * 4 * 4),
        Convolution("two", "positive", "second", "", "two", False, 2 * 4 * 4 * 5),
    )


def test_what_looks_at_pixels_stays_as_it_is() -> None:
    first, second = np.ones((5, 3, 1, 1), np.float32), np.ones((2, 5, 1, 1), np.float32)
    assert [each.name for each in convolutions(_model(first, second))] == ["two"]


@given(st.lists(st.floats(0, 10), min_size=1, max_size=20), st.floats(0, 1))
def test_those_in_8_bits_do_no_more_harm_than_they_may(harms: list[float], share: float) -> None:
    harm = {
        Convolution(str(place), "", "", "", "", False, 1): each for place, each in enumerate(harms)
    }
    chosen = least_harmful(harm, share)
    done = sum(harm[each] for each in chosen)
    assert done <= share * sum(harms) + 1e-9
    left = [harm[each] for each in harm if each not in chosen]
    assert all(done + each >= share * sum(harms) - 1e-9 for each in left)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000))
def test_what_8_bits_say_is_near_what_was_said(seed: int) -> None:
    model, frame = _drawn(seed)
    found = convolutions(model)
    ranges = ranges_of(model, sorted(rounded_by(found)), [frame], 1)
    before, after = _run(model, frame), _run(rewritten(model, found, ranges), frame)
    assert np.abs(before - after).max() <= 0.05 * np.abs(before).max() + 1.0


def test_what_was_not_chosen_stays_as_it_is() -> None:
    model, frame = _drawn(1)
    np.testing.assert_array_equal(_run(rewritten(model, (), {}), frame), _run(model, frame))
    last = [each for each in convolutions(model) if each.name == "two"]
    new = rewritten(
        model,
        last,
        {"positive": Range(0.0, 900.0, (9.0,) * 5), "two": Range(0.0, 900.0, (0.0,) * 2)},
    )
    kinds = [node.op_type for node in new.graph.node]
    assert kinds.count("QuantizeLinear") == 1
    assert "second" not in {tensor.name for tensor in new.graph.initializer}


def test_a_channel_of_nothing_has_a_scale_too() -> None:
    model, frame = (
        _model(np.zeros((5, 4, 1, 1), np.float32), np.zeros((2, 5, 1, 1), np.float32)),
        (np.full((1, 4, 4, 4), 7, np.uint8)),
    )
    found = convolutions(model)
    ranges = ranges_of(model, sorted(rounded_by(found)), [frame], 1)
    assert _run(rewritten(model, found, ranges), frame) == pytest.approx(0)


def test_zero_lies_in_every_range() -> None:
    one = np.array([[[3, 5], [6, 8]]], np.float32)
    assert Range.of(one) == Range(0.0, 8.0, (4.0, 7.0))
    assert Range.over([Range.of(one), Range.of(-one)]) == Range(-8.0, 8.0, (0.0, 0.0))


def test_the_convolution_that_harms_most_is_left_out() -> None:
    rng = np.random.default_rng(2)
    first = np.full((5, 4, 1, 1), 0.5, np.float32)
    second = rng.normal(size=(2, 5, 1, 1)).astype(np.float32)
    model = _summed(_model(first, second))
    frame = rng.integers(0, 256, (1, 4, 4, 4), dtype=np.uint8)
    # A range thousands of times too wide leaves the first with nothing but zeros.
    ranges = {
        "taken": Range(0.0, 600_000.0, (0.0,) * 4),
        "positive": Range(0.0, 400.0, (0.0,) * 5),
        "two": Range(-2_000.0, 2_000.0, (0.0,) * 2),
    }
    found = convolutions(model)
    harm = harm_of(model, found, ranges, [frame], 1, Steps(silent, 0))
    assert [each.taken for each in least_harmful(harm, 0.5)] == ["positive"]


def _summed(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return the model with one score for an answer."""
    new = onnx.ModelProto()
    new.CopyFrom(model)
    new.graph.node[-1].output[0] = "two"
    new.graph.node.append(helper.make_node("ReduceMean", ["two"], ["score"], keepdims=0))
    del new.graph.output[:]
    new.graph.output.append(helper.make_tensor_value_info("score", TensorProto.FLOAT, []))
    return new


def test_what_hands_numbers_on_that_are_not_rounded_is_left_alone() -> None:
    one, two = convolutions(_drawn(0)[0])
    assert rounded_at_both_ends((one, two)) == (one, two)
    assert rounded_at_both_ends((two,)) == (two,)
    assert rounded_at_both_ends((one,)) == ()


def test_onnxruntime_counts_in_integers(tmp_path: Path) -> None:
    """Also where nothing bounds what is made, and where it is summed up."""
    model, frame = _drawn(2)
    del model.graph.node[-1], model.graph.output[:]
    model.graph.node.extend(
        [
            helper.make_node("Conv", ["positive", "second"], ["made"]),
            helper.make_node("Add", ["made", "made"], ["two"]),
        ]
    )
    model.graph.output.append(helper.make_tensor_value_info("two", TensorProto.FLOAT, [1, 2, 4, 4]))
    found = convolutions(model)
    ranges = ranges_of(model, sorted(rounded_by(found)), [frame], 1)
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(tmp_path / "run.onnx")
    graph = rewritten(model, found, ranges).SerializeToString()
    onnxruntime.InferenceSession(graph, options, ["CPUExecutionProvider"])
    run = onnx.load(tmp_path / "run.onnx").graph.node
    assert [node.op_type for node in run if "Conv" in node.op_type] == ["QLinearConv"] * 2
