from pathlib import Path

import numpy as np
import onnx
import pytest
from label_files import Picture, write_yolo

from edgeinspect.core.errors import DatasetError, ModelError
from edgeinspect.core.manifest import ModelManifest, ThresholdBasis
from edgeinspect.datasets.images import read_image
from edgeinspect.models.file import read_model
from edgeinspect.models.judge import load_judge
from edgeinspect.models.quantize.convolutions import convolutions
from edgeinspect.models.quantize.quantize import moved, quantize
from edgeinspect.models.quantize.trial import Tried, good_parts_of, marked, trial_of


@pytest.fixture(scope="module")
def heard() -> list[tuple[int, int]]:
    return []


@pytest.fixture(scope="module")
def made(
    ring_model: Path,
    rings: tuple[Path, ...],
    tmp_path_factory: pytest.TempPathFactory,
    heard: list[tuple[int, int]],
) -> tuple[Path, ModelManifest]:
    path = tmp_path_factory.mktemp("quantised") / "ring.onnx"
    said = lambda *step: heard.append(step)  # noqa: E731
    manifest = quantize(
        ring_model, rings[0].parent, rings, path, most_loss=0.05, threads=1, on_progress=said
    )
    return path, manifest


def test_every_frame_that_is_judged_is_told_from_the_first_to_the_last(
    made: tuple[Path, ModelManifest], rings: tuple[Path, ...], heard: list[tuple[int, int]]
) -> None:
    quantised = made[1].quantised
    assert quantised is not None
    dones, totals = zip(*heard, strict=True)
    assert dones == tuple(range(1, len(heard) + 1))
    # Twice the trial of rings and marked copies, the ranges, the harm of each convolution.
    one_attempt = 5 * len(rings) + (1 + quantised.of_convolutions) * 4
    assert totals[0] == one_attempt
    assert (totals[-1] - one_attempt) % (2 * len(rings)) == 0
    assert dones[-1] == totals[-1]


def test_it_counts_in_8_bits_and_says_from_what(
    made: tuple[Path, ModelManifest], ring_model: Path
) -> None:
    path, manifest = made
    old, file = read_model(ring_model), read_model(path)
    assert file.manifest == manifest
    assert manifest.quantised is not None
    assert manifest.quantised.from_sha256 == old.sha256
    kinds = [node.op_type for node in onnx.load_model_from_string(file.graph).graph.node]
    assert len(convolutions(onnx.load_model_from_string(old.graph))) == (
        manifest.quantised.of_convolutions
    )
    assert kinds.count("QuantizeLinear") > 0.5 * manifest.quantised.convolutions
    assert len(file.graph) < len(old.graph)


def test_it_proves_itself_at_its_own_threshold(made: tuple[Path, ModelManifest]) -> None:
    judge = load_judge(made[0], threads=1)
    threshold = judge.manifest.threshold
    assert threshold.overkill_bound is None
    assert "no bound is claimed" in threshold.method
    assert {reference.threshold for reference in judge.references} == {threshold.value}


def test_more_loss_than_allowed_is_refused_and_nothing_is_left(
    ring_model: Path, rings: tuple[Path, ...], tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match=r"loses .+ of image AUROC or more in 8 bits"):
        quantize(ring_model, rings[0].parent, rings, tmp_path / "no.onnx", most_loss=-1, threads=1)
    assert not any(tmp_path.iterdir())


def test_a_model_in_8_bits_is_not_rounded_again(
    made: tuple[Path, ModelManifest], rings: tuple[Path, ...], tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match="is in 8 bits already"):
        quantize(made[0], rings[0].parent, rings, tmp_path / "no.onnx")


def test_a_folder_that_is_not_there_is_refused_before_the_work(
    ring_model: Path, rings: tuple[Path, ...], tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match="its folder does not exist"):
        quantize(ring_model, rings[0].parent, rings, tmp_path / "none" / "no.onnx")


def test_labelled_parts_are_tried_where_there_are_some(sample: Path) -> None:
    trial = trial_of(sample, ())
    assert (len(trial.good), len(trial.bad)) == (20, 60)


def test_good_parts_alone_are_tried_beside_marked_copies(rings: tuple[Path, ...]) -> None:
    trial = trial_of(rings[0].parent, rings)
    assert len(trial.good) == len(trial.bad) == len(rings)
    assert all((good() != bad()).any() for good, bad in zip(trial.good, trial.bad, strict=True))


def _boxed(root: Path, good: int, bad: int) -> Path:
    box = (0, 5.0, 5.0, 20.0, 20.0)
    pictures = [Picture(f"good{number}", 64, 48, ()) for number in range(good)]
    pictures += [Picture(f"bad{number}", 64, 48, (box,)) for number in range(bad)]
    write_yolo(root, ["dent"], pictures)
    return root


def test_parts_with_boxes_are_bad_ones(tmp_path: Path) -> None:
    folder = _boxed(tmp_path, good=8, bad=3)
    good = good_parts_of(folder)
    assert {path.stem[:4] for path in good} == {"good"}
    trial = trial_of(folder, good)
    assert (len(trial.good), len(trial.bad)) == (8, 3)


def test_a_folder_of_defective_parts_alone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="every part in it is defective"):
        good_parts_of(_boxed(tmp_path, good=0, bad=9))


def test_good_parts_to_teach_from_set_the_ranges(sample: Path, rings: tuple[Path, ...]) -> None:
    assert len(good_parts_of(sample)) == 60
    assert good_parts_of(rings[0].parent) == rings


def test_too_few_good_parts_are_refused(rings: tuple[Path, ...]) -> None:
    with pytest.raises(DatasetError, match="only 7 good parts"):
        trial_of(rings[0].parent, rings[:7])


@pytest.mark.parametrize("strength", [0.0, 0.2, 1.0])
def test_a_mark_changes_its_square_alone(rings: tuple[Path, ...], strength: float) -> None:
    image = read_image(rings[0])
    changed = (marked(image, 3, strength) != image).any(axis=2)
    rows, columns = np.nonzero(changed)
    assert changed.any() == (strength > 0)
    if strength:
        assert np.ptp(rows) < image.shape[0] // 12
        assert np.ptp(columns) < image.shape[0] // 12


def test_the_threshold_moves_as_the_scores_do() -> None:
    good = np.random.default_rng(0).gamma(3, 1, 40)
    old = ThresholdBasis(value=9.0, method="by hand", good_parts=40)
    basis = moved(old, Tried(good, good + 5), Tried(good + 0.5, good + 5.5))
    assert basis.value == pytest.approx(9.5, abs=1e-4)
