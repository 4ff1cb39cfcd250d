"""Hostile files are refused with one sentence, in under a second and 512 MB.

They are loaded in processes of their own and weighed there. The time is the processor's, so that
a busy machine fails nothing.
"""

import base64
import json
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from weighed import Weighed, weigh

from edgeinspect.models.answer import Answer
from edgeinspect.models.envelope import MAX_BYTES, Envelope, open_envelope, seal
from edgeinspect.models.placed import stretched
from edgeinspect.models.reference import Reference, References

Build = Callable[[Envelope], bytes]

MOST_CPU_S, MOST_MB = 1.0, 512.0
PNG = b"\x89PNG\r\n\x1a\n"


def _varint(number: int) -> bytes:
    low, high = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + _varint(high) if high else bytes([low])


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def tiny_fields(_: Envelope) -> bytes:
    return _field(7, b"\x0a\x00" * 20_000_000)


def packed_lists(_: Envelope) -> bytes:
    return _field(7, _field(5, _field(1, b"\x01" * 4000) * 10_000))


def one_packed_list(_: Envelope) -> bytes:
    return _field(7, _field(5, _field(1, b"\x01" * 40_000_000)))


def unknown_fields(_: Envelope) -> bytes:
    return b"\xf8\x01\x00" * 13_000_000


def hidden_under_a_long_key(envelope: Envelope) -> bytes:
    return b"\xba\x80\x80\x80\x80\x80\x01" + tiny_fields(envelope)[1:]


def nested_graphs(_: Envelope) -> bytes:
    inner = b""
    for _level in range(3000):
        inner = _field(1, _field(5, _field(6, inner)))
    return _field(7, inner)


def nothing_but_zeros(_: Envelope) -> bytes:
    return bytes(MAX_BYTES)


def long_names(_: Envelope) -> bytes:
    return _field(7, b"".join(_field(2, b"a" * 40_000 + "😀".encode()) for _ in range(2500)))


def a_giant_comment(_: Envelope) -> bytes:
    return _field(6, b"a" * (MAX_BYTES - 100))


def texts_of_wide_signs(envelope: Envelope) -> bytes:
    text = "😀" + "a" * 5_900_000
    return seal(envelope.graph, text, text).content()


def _manifest(envelope: Envelope, text: str) -> bytes:
    return seal(envelope.graph, text, envelope.references).content()


def a_manifest_of_errors(envelope: Envelope) -> bytes:
    return _manifest(envelope, '{"classes":[' + "0," * 2_900_000 + "0]}")


def a_manifest_of_keys(envelope: Envelope) -> bytes:
    return _manifest(envelope, "{" + ",".join(f'"{i}":0' for i in range(400_000)) + "}")


def a_deep_manifest(envelope: Envelope) -> bytes:
    return _manifest(envelope, "[" * 5_000_000)


def a_giant_number(envelope: Envelope) -> bytes:
    return _manifest(envelope, '{"version":' + "9" * 5_000_000 + "}")


def an_infinite_number(envelope: Envelope) -> bytes:
    return _manifest(envelope, envelope.manifest.replace('"value":', '"value":1e99999, "x":'))


def references_of_errors(envelope: Envelope) -> bytes:
    return seal(envelope.graph, envelope.manifest, "[" + "0," * 2_900_000 + "0]").content()


def a_signature_of_zeros(envelope: Envelope) -> bytes:
    return replace(envelope, signature="0" * 5_000_000).content()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _header(width: int, height: int, depth: int = 8, colours: int = 2, laced: int = 0) -> bytes:
    return _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, laced))


def _pixels(size_bytes: int) -> bytes:
    return _chunk(b"IDAT", zlib.compress(bytes(size_bytes), 9))


@cache
def _gigabyte() -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(10**6)) for _ in range(1000)) + packer.flush()


def _picture(envelope: Envelope, *chunks: bytes) -> bytes:
    """Put a PNG into the first reference, in place of its picture."""
    references = json.loads(envelope.references)
    png = PNG + b"".join(chunks) + _chunk(b"IEND", b"")
    references[0]["png"] = base64.b64encode(png).decode()
    return seal(envelope.graph, envelope.manifest, json.dumps(references)).content()


def a_picture_with_a_tail(envelope: Envelope) -> bytes:
    return _picture(envelope, _header(1000, 1000), _chunk(b"IDAT", _gigabyte()))


def a_picture_with_comments(envelope: Envelope) -> bytes:
    comment = zlib.compress(bytes(7_000_000), 9)
    notes = (_chunk(b"zTXt", b"k%d\0\0" % i + comment) for i in range(150))
    return _picture(envelope, _header(8, 8), *notes, _pixels(200))


def a_picture_with_a_profile(envelope: Envelope) -> bytes:
    profile = _chunk(b"iCCP", b"k\0\0" + _gigabyte())
    return _picture(envelope, _header(8, 8), profile, _pixels(200))


def a_giant_picture(envelope: Envelope) -> bytes:
    return _picture(envelope, _header(30_000, 30_000), _chunk(b"IDAT", _gigabyte()))


def a_picture_of_two_sizes(envelope: Envelope) -> bytes:
    return _picture(envelope, _header(8, 8), _header(30_000, 30_000), _pixels(200))


def a_laced_picture(envelope: Envelope) -> bytes:
    return _picture(envelope, _header(1024, 1024, 16, 6, 1), _pixels(8_500_000))


def _outputs(envelope: Envelope, **changes: object) -> bytes:
    references = json.loads(envelope.references)
    references[0]["outputs"] = references[0]["outputs"] | changes
    return seal(envelope.graph, envelope.manifest, json.dumps(references)).content()


def _numbers(values: np.ndarray) -> dict[str, object]:
    data = base64.b64encode(values.astype("<f4").tobytes()).decode()
    return {"shape": values.shape, "data": data}


def a_map_of_specks(envelope: Envelope) -> bytes:
    """The frame itself is the map: every other pixel of it is a finding of its own."""
    manifest = json.loads(envelope.manifest)
    sides = manifest["input_height_px"], manifest["input_width_px"]
    frame = np.zeros((*sides, 3), np.uint8)
    frame[::2, ::2] = 255
    specks = frame[:, :, 0].astype(np.float32)
    answer = Answer(float(specks.mean()), specks)
    placed = stretched(frame, sides[1], sides[0])
    reference = Reference.recorded(frame, placed, answer, manifest["threshold"]["value"])
    unlike = reference.model_copy(update={"findings": ()})
    model = onnx.load_model_from_string(envelope.graph)
    graph = model.graph
    del graph.node[:], graph.initializer[:]
    _first(
        graph,
        helper.make_node("Cast", ["frame"], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["numbers"], ["anomaly_map"], axes=[2], keepdims=0),
        helper.make_node("ReduceMean", ["anomaly_map"], ["score"], keepdims=0),
    )
    del graph.output[:]
    for name, shape in (("score", ()), ("anomaly_map", sides)):
        graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
    references = References.dump_json((unlike,)).decode()
    return seal(model.SerializeToString(), envelope.manifest, references).content()


def a_score_of_many_numbers(envelope: Envelope) -> bytes:
    return _outputs(envelope, score=_numbers(np.zeros((3, 3), np.float32)))


def a_map_on_end(envelope: Envelope) -> bytes:
    return _outputs(envelope, anomaly_map=_numbers(np.zeros(9, np.float32)))


def no_answers(envelope: Envelope) -> bytes:
    references = json.loads(envelope.references)
    references[0]["outputs"] = {}
    return seal(envelope.graph, envelope.manifest, json.dumps(references)).content()


def _graph(envelope: Envelope, spoil: Callable[[onnx.GraphProto], None]) -> bytes:
    model = onnx.load_model_from_string(envelope.graph)
    spoil(model.graph)
    graph = model.SerializeToString(deterministic=True)
    return seal(graph, envelope.manifest, envelope.references).content()


def _first(graph: onnx.GraphProto, *nodes: onnx.NodeProto) -> None:
    for node in reversed(nodes):
        graph.node.insert(0, node)


def _constant(graph: onnx.GraphProto, name: str, values: list[int]) -> None:
    graph.initializer.append(numpy_helper.from_array(np.array(values, np.int64), name))


def a_hoard_in_a_tensor(envelope: Envelope) -> bytes:
    return _graph(
        envelope, lambda graph: graph.initializer[0].string_data.append(bytes(90 * 10**6))
    )


def a_hoard_in_a_step(envelope: Envelope) -> bytes:
    return _graph(
        envelope,
        lambda graph: _first(
            graph, helper.make_node("Relu", ["frame"], ["x"], alpha=bytes(9 * 10**7))
        ),
    )


def weights_of_100_mb_that_lie(envelope: Envelope) -> bytes:
    def spoil(graph: onnx.GraphProto) -> None:
        tensor = graph.initializer.add(name="lie", data_type=TensorProto.FLOAT, dims=[2**40])
        tensor.raw_data = bytes(95 * 10**6)

    return _graph(envelope, spoil)


def a_sparse_giant(envelope: Envelope) -> bytes:
    def spoil(graph: onnx.GraphProto) -> None:
        sparse = onnx.SparseTensorProto(dims=[2**40])
        _first(graph, helper.make_node("Relu", ["frame"], ["x"], sparse_value=sparse))

    return _graph(envelope, spoil)


def dimensions_without_end(envelope: Envelope) -> bytes:
    def spoil(graph: onnx.GraphProto) -> None:
        _constant(graph, "axes", list(range(1024)))
        made = ["frame", *(f"deep{step}" for step in range(700))]
        nodes = [
            helper.make_node("Unsqueeze", [taken, "axes"], [given])
            for taken, given in pairwise(made)
        ]
        _first(graph, *nodes)

    return _graph(envelope, spoil)


def sums_of_long_lists(envelope: Envelope) -> bytes:
    """Telling the sizes of such a graph at once takes gigabytes."""

    def spoil(graph: onnx.GraphProto) -> None:
        _constant(graph, "rows", [192, 1, -1])
        _constant(graph, "columns", [1, 192, -1])
        nodes = [
            helper.make_node("Reshape", ["frame", "rows"], ["rows.of"]),
            helper.make_node("Reshape", ["frame", "columns"], ["columns.of"]),
            helper.make_node("Add", ["rows.of", "columns.of"], ["sum0"]),
        ]
        for step in range(500):
            names = [f"sum{step}", f"sum{step}"]
            nodes.append(helper.make_node("Add", names, [f"sum{step + 1}"]))
        _first(graph, *nodes)

    return _graph(envelope, spoil)


def a_circle(envelope: Envelope) -> bytes:
    def spoil(graph: onnx.GraphProto) -> None:
        _first(
            graph,
            helper.make_node("Relu", ["there"], ["back"]),
            helper.make_node("Relu", ["back"], ["there"]),
        )

    return _graph(envelope, spoil)


def two_of_one_name(envelope: Envelope) -> bytes:
    return _graph(
        envelope, lambda graph: graph.node.append(helper.make_node("Relu", ["frame"], ["score"]))
    )


def a_weight_named_like_the_frame(envelope: Envelope) -> bytes:
    return _graph(envelope, lambda graph: _constant(graph, "frame", [1, 2, 3]))


def a_stretched_frame(envelope: Envelope) -> bytes:
    def spoil(graph: onnx.GraphProto) -> None:
        _constant(graph, "much", [2**20, 2**20, 3])
        _first(graph, helper.make_node("Expand", ["frame", "much"], ["x"]))

    return _graph(envelope, spoil)


def a_product_that_overflows(envelope: Envelope) -> bytes:
    def spoil(graph: onnx.GraphProto) -> None:
        _constant(graph, "sides", [2**62, 4, -1])
        _first(graph, helper.make_node("Reshape", ["frame", "sides"], ["x"]))

    return _graph(envelope, spoil)


def many_weights_of_many_sides(envelope: Envelope) -> bytes:
    def spoil(graph: onnx.GraphProto) -> None:
        tensor = helper.make_tensor("sides", TensorProto.FLOAT, [1] * 15_000, bytes(4), raw=True)
        graph.initializer.append(tensor)
        steps = [helper.make_node("Add", ["frame", "sides"], [f"s{i}"]) for i in range(700)]
        _first(graph, *steps)

    return _graph(envelope, spoil)


def much_held_at_once(envelope: Envelope) -> bytes:
    def spoil(graph: onnx.GraphProto) -> None:
        names = [f"held{step}" for step in range(700)]
        held = [helper.make_node("Identity", ["frame"], [name]) for name in names]
        _first(graph, *held, helper.make_node("Max", names, ["highest"]))

    return _graph(envelope, spoil)


def means_of_all_around(envelope: Envelope) -> bytes:
    def spoil(graph: onnx.GraphProto) -> None:
        sides = [graph.input[0].type.tensor_type.shape.dim[side].dim_value for side in (0, 1)]
        _constant(graph, "square.sides", [1, 3, *sides])
        kernel = [side // 2 * 2 + 1 for side in sides]
        half = [side // 2 for side in kernel]
        _first(
            graph,
            helper.make_node("Cast", ["frame"], ["real"], to=TensorProto.FLOAT),
            helper.make_node("Reshape", ["real", "square.sides"], ["square"]),
            helper.make_node(
                "AveragePool", ["square"], ["around"], kernel_shape=kernel, pads=[*half, *half]
            ),
        )

    return _graph(envelope, spoil)


HOSTILE: dict[Build, str] = {
    tiny_fields: "more than 60000 fields",
    packed_lists: "long lists of numbers",
    one_packed_list: "long lists of numbers",
    unknown_fields: "not ONNX",
    hidden_under_a_long_key: "cut short or no ONNX file",
    nested_graphs: "cut short or no ONNX file",
    nothing_but_zeros: "not ONNX",
    long_names: "too long",
    a_giant_comment: "too long",
    texts_of_wide_signs: "does not fit this version (it is no JSON)",
    a_manifest_of_errors: "more than 10000 values",
    a_manifest_of_keys: "more than 10000 values",
    a_deep_manifest: "more than 10000 values",
    a_giant_number: "does not fit this version",
    an_infinite_number: "does not fit this version (threshold.value)",
    references_of_errors: "more than 10000 values",
    a_signature_of_zeros: "its signature cannot be read",
    a_picture_with_a_tail: "is damaged",
    a_picture_with_comments: "no plain PNG",
    a_picture_with_a_profile: "no plain PNG",
    a_giant_picture: "too large",
    a_picture_of_two_sizes: "no plain PNG",
    a_laced_picture: "no plain PNG",
    a_map_of_specks: "findings in reference 1 differ",
    a_score_of_many_numbers: "another form than any",
    a_map_on_end: "another form than any",
    no_answers: "another form than any",
    a_hoard_in_a_tensor: "in an unexpected form",
    a_hoard_in_a_step: "bytes inside Relu",
    weights_of_100_mb_that_lie: "another size than they claim",
    a_sparse_giant: "sparse tensor inside Relu",
    dimensions_without_end: "unknown or huge size",
    sums_of_long_lists: "more time than any",
    much_held_at_once: "more memory than any",
    means_of_all_around: "more time than any",
    a_circle: "uses 'there' before it is made",
    two_of_one_name: "makes 'score' twice",
    a_weight_named_like_the_frame: "makes 'frame' twice",
    a_stretched_frame: "operator Expand",
    a_product_that_overflows: "sizes do not fit together",
    many_weights_of_many_sides: "more than 8 dimensions",
}


@pytest.fixture(scope="module")
def weighed(ring_model: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[Build, Weighed]:
    """What came of every hostile file."""
    folder = tmp_path_factory.mktemp("hostile")
    envelope, _ = open_envelope(ring_model)
    paths = []
    for build in HOSTILE:
        paths.append(folder / f"{build.__name__}.onnx")
        paths[-1].write_bytes(build(envelope))
    results = dict(zip(HOSTILE, weigh(paths), strict=True))
    for path in paths:
        path.unlink()
    return results


@pytest.mark.parametrize("build", HOSTILE, ids=lambda build: build.__name__)
def test_a_hostile_file_is_refused_soon_and_small(
    build: Build, weighed: dict[Build, Weighed]
) -> None:
    result = weighed[build]
    assert f"{build.__name__}.onnx: " in result.said
    assert HOSTILE[build] in result.said
    assert result.cpu_s < MOST_CPU_S
    assert result.memory_mb < MOST_MB
