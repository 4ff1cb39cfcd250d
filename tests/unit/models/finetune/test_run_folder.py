"""The folder of a run: never lost unasked, never gone on with under another name."""

from dataclasses import replace
from pathlib import Path

import pytest

from edgeinspect.core.errors import ModelError
from edgeinspect.core.identity import digest
from edgeinspect.models.finetune.plan import Plan
from edgeinspect.models.finetune.run_folder import held, mark_run, open_run, run_folder
from edgeinspect.models.finetune.small_data import training_for

DATA, OTHER = digest(b"one"), digest(b"other")
PLAN = Plan("data.yaml", "yolo11n.yaml", 320, 50, 20, 4, 0, 0.5, 5, 1e-3, 0, "", 2, ())


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """A run that was interrupted."""
    folder = run_folder(tmp_path / "part.onnx")
    assert not open_run(folder, PLAN, DATA, resume=False)
    PLAN.write(folder)
    mark_run(folder, DATA, finished=False)
    (folder / "last.pt").write_text("weights")
    return folder


def test_the_folder_lies_beside_the_model(tmp_path: Path) -> None:
    assert run_folder(tmp_path / "part.onnx") == tmp_path / "part.onnx.run"


def test_an_interrupted_run_is_not_thrown_away(begun: Path) -> None:
    with pytest.raises(ModelError, match="holds a run that was interrupted; go on with --resume"):
        open_run(begun, PLAN, DATA, resume=False)
    assert (begun / "last.pt").exists()


def test_a_run_that_learned_nothing_yet_gives_way(begun: Path) -> None:
    (begun / "last.pt").unlink()
    assert not open_run(begun, PLAN, DATA, resume=False)
    assert not any(begun.iterdir())


def test_it_goes_on_when_asked_on_another_device_too(begun: Path) -> None:
    elsewhere = replace(PLAN, device="cpu", threads=8, data="/moved/data.yaml")
    assert open_run(begun, elsewhere, DATA, resume=True)
    assert (begun / "last.pt").exists()


def test_it_does_not_go_on_with_other_images_or_options(begun: Path) -> None:
    with pytest.raises(ModelError, match="labels or region are not those it was begun with"):
        open_run(begun, PLAN, OTHER, resume=True)
    with pytest.raises(ModelError, match="was begun with --size 320, --epochs 50; give the same"):
        open_run(begun, replace(PLAN, side_px=640, epochs=9, patience=7), DATA, resume=True)
    with pytest.raises(ModelError, match="was begun with patience 20; give the same"):
        open_run(begun, replace(PLAN, patience=7), DATA, resume=True)


def test_a_finished_run_gives_way_and_cannot_go_on(begun: Path) -> None:
    mark_run(begun, DATA, finished=True)
    with pytest.raises(ModelError, match="this run is finished"):
        open_run(begun, PLAN, DATA, resume=True)
    assert not open_run(begun, PLAN, DATA, resume=False)
    assert not any(begun.iterdir())


def test_without_a_run_there_is_nothing_to_go_on_with(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no run to go on with"):
        open_run(tmp_path / "part.onnx.run", PLAN, DATA, resume=True)


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "part.onnx.run"
    folder.mkdir()
    (folder / "letter.txt").write_text("dear")
    for resume in (False, True):
        with pytest.raises(ModelError, match="is no run's folder; move it away"):
            open_run(folder, PLAN, DATA, resume=resume)
    assert (folder / "letter.txt").exists()


def test_two_may_not_train_in_one_folder(tmp_path: Path) -> None:
    folder = tmp_path / "part.onnx.run"
    with (
        held(folder),
        pytest.raises(ModelError, match="another process trains there"),
        held(folder),
    ):
        pass
    with held(folder):
        pass
    assert not any(tmp_path.iterdir())


def test_a_plan_survives_its_file(tmp_path: Path) -> None:
    plan = replace(PLAN, compare=("a.png", "b.png"))
    plan.write(tmp_path)
    assert Plan.read(tmp_path) == plan


@pytest.mark.parametrize("from_weights", [False, True])
def test_few_images_get_many_rounds_of_small_steps(from_weights: bool) -> None:
    trainings = [training_for(n, from_weights=from_weights) for n in (8, 20, 100, 500, 5000)]
    assert [each.epochs for each in trainings] == sorted(
        (each.epochs for each in trainings), reverse=True
    )
    assert [each.batch for each in trainings] == [4, 4, 16, 16, 16]
    assert all(each.close_mosaic < each.epochs for each in trainings)
    assert (trainings[0].freeze, trainings[-1].freeze) == ((10, 0) if from_weights else (0, 0))


def test_epochs_asked_for_are_kept() -> None:
    training = training_for(20, from_weights=False, epochs=3)
    assert (training.epochs, training.close_mosaic) == (3, 1)
