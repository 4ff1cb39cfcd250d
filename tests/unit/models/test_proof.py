from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnx
import pytest

from edgeinspect.core.errors import ModelError
from edgeinspect.core.finding import Finding
from edgeinspect.core.judgement import AnomalyMap
from edgeinspect.core.manifest import Quantised
from edgeinspect.models.file import ModelFile, read_model, write_model
from edgeinspect.models.judge import load_judge
from edgeinspect.models.placed import Placed
from edgeinspect.models.placement import place
from edgeinspect.models.proof import prove
from edgeinspect.models.reference import Numbers, Reference
from edgeinspect.models.runtime import open_session


@pytest.fixture(scope="module")
def ring_file(ring_model: Path) -> ModelFile:
    return read_model(ring_model)


def _with_first_reference(file: ModelFile, path: Path, **changes: Any) -> Path:
    graph = onnx.load_model_from_string(file.graph)
    first = file.references[0].model_copy(update=changes)
    write_model(path, graph, file.manifest, (first, *file.references[1:]))
    return path


def _outputs(reference: Reference, **changes: Any) -> dict[str, Numbers]:
    """The outputs recorded in `reference`, with some replaced by other arrays."""
    arrays = {name: np.asarray(value, np.float32) for name, value in changes.items()}
    return reference.outputs | {name: Numbers.of(value) for name, value in arrays.items()}


def _map(reference: Reference) -> AnomalyMap:
    recorded = reference.expected().anomaly_map
    assert recorded is not None
    return recorded


def test_references_walk_both_ways_of_resizing(ring_file: ModelFile) -> None:
    large, small = (reference.image().shape[:2] for reference in ring_file.references)
    assert min(large) >= 2 * ring_file.manifest.input_height_px
    assert max(small) < ring_file.manifest.input_height_px


def test_references_prove_findings_too(ring_file: ModelFile) -> None:
    assert ring_file.references[1].findings  # the one with a mark


def test_a_score_beyond_tolerance_is_refused(ring_file: ModelFile, tmp_path: Path) -> None:
    first = ring_file.references[0]
    score = first.expected().score + 0.02 * ring_file.manifest.threshold.value
    outputs = _outputs(first, score=score)
    path = _with_first_reference(ring_file, tmp_path / "off.onnx", outputs=outputs)
    with pytest.raises(ModelError, match="answer to reference 1 is off by"):
        load_judge(path)


def test_a_score_within_tolerance_is_accepted(ring_file: ModelFile, tmp_path: Path) -> None:
    first = ring_file.references[0]
    score = first.expected().score + 0.005 * ring_file.manifest.threshold.value
    near = replace(first.expected(), score=score)
    again = Reference.recorded(first.image(), _placed(first, ring_file), near, first.threshold)
    changes = {"outputs": again.outputs, "findings": again.findings}
    path = _with_first_reference(ring_file, tmp_path / "near.onnx", **changes)
    assert load_judge(path).manifest == ring_file.manifest


def test_one_cell_beyond_tolerance_is_refused(ring_file: ModelFile, tmp_path: Path) -> None:
    changed = _map(ring_file.references[0])
    changed[3, 4] += 1
    outputs = _outputs(ring_file.references[0], anomaly_map=changed)
    path = _with_first_reference(ring_file, tmp_path / "cell.onnx", outputs=outputs)
    with pytest.raises(ModelError, match="answer to reference 1 is off by"):
        load_judge(path)


def _in_8_bits(file: ModelFile) -> ModelFile:
    """The same file, said to be in 8 bits."""
    quantised = Quantised(
        from_sha256=file.sha256, images=1, convolutions=1, of_convolutions=1,
        measured_on="nothing", auroc_before=1.0, auroc_after=1.0,
    )  # fmt: skip
    return replace(file, manifest=file.manifest.model_copy(update={"quantised": quantised}))


def _answering(file: ModelFile, by: float, cells: slice) -> ModelFile:
    """The same file, with some rows of the first reference's map off `by` a share of what counts;
    its findings are made of the new map.
    """
    first = file.references[0]
    changed = _map(first).copy()
    changed[cells] += by * min(
        file.manifest.threshold.value, max(each.expected().score for each in file.references)
    )
    new = replace(first.expected(), anomaly_map=changed)
    again = Reference.recorded(first.image(), _placed(first, file), new, first.threshold)
    return replace(file, references=(again, *file.references[1:]))


@pytest.mark.parametrize(
    ("by", "cells", "proven"),
    [
        (0.15, slice(3, 4), True),
        (0.25, slice(3, 4), False),
        (0.04, slice(None), True),
        (0.06, slice(None), False),
    ],
)
def test_in_8_bits_one_row_may_be_further_off_than_all(
    by: float, cells: slice, proven: bool, ring_file: ModelFile
) -> None:
    file = _answering(_in_8_bits(ring_file), by, cells)
    session = open_session(file.graph, 1)
    with nullcontext() if proven else pytest.raises(ModelError, match="is off by"):
        prove(file, session)


def test_a_map_of_another_size_is_refused(ring_file: ModelFile, tmp_path: Path) -> None:
    first = ring_file.references[0]
    outputs = _outputs(first, anomaly_map=_map(first)[:-1])
    path = _with_first_reference(ring_file, tmp_path / "rows.onnx", outputs=outputs)
    with pytest.raises(ModelError, match="another form than recorded"):
        load_judge(path)


def test_other_findings_are_refused(ring_file: ModelFile, tmp_path: Path) -> None:
    elsewhere = (Finding(score=1.0, box_px=(0, 0, 5, 5)),)
    path = _with_first_reference(ring_file, tmp_path / "boxes.onnx", findings=elsewhere)
    with pytest.raises(ModelError, match="findings in reference 1 differ"):
        load_judge(path)


def test_swapped_colours_are_caught(ring_file: ModelFile, tmp_path: Path) -> None:
    swapped = np.ascontiguousarray(ring_file.references[1].image()[:, :, ::-1])
    png = cv2.imencode(".png", swapped)[1].tobytes()
    graph = onnx.load_model_from_string(ring_file.graph)
    second = ring_file.references[1].model_copy(update={"png": png})
    path = tmp_path / "swapped.onnx"
    write_model(path, graph, ring_file.manifest, (ring_file.references[0], second))
    with pytest.raises(ModelError, match="answer to reference 2 is off by"):
        load_judge(path)


def test_a_reference_that_is_no_image_is_refused(ring_file: ModelFile, tmp_path: Path) -> None:
    path = _with_first_reference(ring_file, tmp_path / "text.onnx", png=b"no image")
    with pytest.raises(ModelError, match="reference image is no PNG"):
        load_judge(path)


def test_a_reference_that_unpacks_to_a_giant_is_refused(
    ring_file: ModelFile, tmp_path: Path
) -> None:
    large = cv2.imencode(".png", np.zeros((1025, 1024, 3), np.uint8))[1].tobytes()
    path = _with_first_reference(ring_file, tmp_path / "large.onnx", png=large)
    with pytest.raises(ModelError, match="reference image is no plain PNG, or too large"):
        load_judge(path)


def _placed(reference: Reference, file: ModelFile) -> Placed:
    return place(reference.image(), file.manifest)


def _with_threshold(file: ModelFile, path: Path, value: float, *, in_references: bool) -> Path:
    graph = onnx.load_model_from_string(file.graph)
    threshold = file.manifest.threshold.model_copy(update={"value": value})
    manifest = file.manifest.model_copy(update={"threshold": threshold})
    references = file.references
    if in_references:
        references = tuple(
            Reference.recorded(each.image(), _placed(each, file), each.expected(), value)
            for each in references
        )
    write_model(path, graph, manifest, references)
    return path


@pytest.mark.parametrize("value", [1e9, -1e9, 0.0, 17.0])
def test_a_threshold_other_than_recorded_is_refused(
    value: float, ring_file: ModelFile, tmp_path: Path
) -> None:
    path = _with_threshold(ring_file, tmp_path / "high.onnx", value, in_references=False)
    with pytest.raises(ModelError, match="threshold is not the one its references"):
        load_judge(path)


def test_a_high_threshold_does_not_loosen_the_proof(ring_file: ModelFile, tmp_path: Path) -> None:
    high = read_model(_with_threshold(ring_file, tmp_path / "high.onnx", 1e9, in_references=True))
    highest = max(reference.expected().score for reference in high.references)
    score = high.references[0].expected().score + 0.02 * highest
    outputs = _outputs(high.references[0], score=score)
    path = _with_first_reference(high, tmp_path / "off.onnx", outputs=outputs)
    with pytest.raises(ModelError, match="answer to reference 1 is off by"):
        load_judge(path)


@pytest.mark.parametrize(
    ("family", "findings", "said"),
    [
        ("detector", "anomaly-map/1", "makes findings by anomaly-map/1, as no detector does"),
        ("detector", "boxes/1", "does not answer with score and boxes"),
        ("classifier", "classes/1", "does not answer with score and class map"),
        ("anomaly", "named-map/1", "does not answer with score and anomaly map and class map"),
    ],
)
def test_a_family_that_answers_otherwise_is_refused(
    family: str, findings: str, said: str, ring_file: ModelFile, tmp_path: Path
) -> None:
    graph = onnx.load_model_from_string(ring_file.graph)
    changes = {"family": family, "findings": findings}
    path = tmp_path / "other.onnx"
    write_model(path, graph, ring_file.manifest.model_copy(update=changes), ring_file.references)
    with pytest.raises(ModelError, match=said):
        load_judge(path)
