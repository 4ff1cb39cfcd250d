from pathlib import Path

import numpy as np
import pytest

from edgeinspect.core.errors import ImageError, ModelError
from edgeinspect.datasets.images import read_image
from edgeinspect.models.file import read_model
from edgeinspect.models.judge import AnomalyJudge
from edgeinspect.models.teach.anomaly import learn
from edgeinspect.models.teach.fusion import image_scores
from edgeinspect.models.teach.looking import MOST_IMAGES, chosen, look
from edgeinspect.models.teach.teach import GRID, teach


def test_the_graph_answers_as_the_numbers_it_was_made_from(
    rings: tuple[Path, ...], ring_judge: AnomalyJudge
) -> None:
    heard: list[int] = []
    looked = look(rings, GRID, 1, heard.append)
    model = learn(looked.features, GRID, heard.append)
    maps = model.maps(looked.features)
    for path, cells, score in zip(rings, maps, image_scores(maps), strict=True):
        answer = ring_judge.session.run(ring_judge.place(read_image(path)).pixels)
        assert answer.anomaly_map is not None
        np.testing.assert_allclose(answer.anomaly_map.reshape(-1), cells, rtol=0.02, atol=0.02)
        assert answer.score == pytest.approx(score, rel=0.02, abs=0.02)


def test_the_same_images_give_the_same_graph(
    rings: tuple[Path, ...], ring_model: Path, tmp_path: Path
) -> None:
    teach(rings, tmp_path / "again.onnx", name="ring", created_by="test")
    first, again = read_model(ring_model), read_model(tmp_path / "again.onnx")
    assert again.graph == first.graph
    assert again.references == first.references


def test_the_manifest_says_what_was_done(rings: tuple[Path, ...], ring_model: Path) -> None:
    manifest = read_model(ring_model).manifest
    assert (manifest.family, manifest.name, manifest.created_by) == ("anomaly", "ring", "test")
    assert manifest.training_images == manifest.threshold.good_parts == len(rings)
    assert manifest.taught_frames.max_width_px == 320
    assert not manifest.taught_frames.grey
    assert [each.licence for each in manifest.licences] == ["Apache-2.0"]


def test_progress_reaches_its_end_step_by_step(rings: tuple[Path, ...], tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    teach(
        rings[:8],
        tmp_path / "model.onnx",
        name="ring",
        created_by="test",
        on_progress=lambda done, total: heard.append((done, total)),
    )
    assert heard == [(step, 17) for step in range(1, 18)]


def test_two_images_are_too_few(rings: tuple[Path, ...], tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"2 good images are too few.* at least 8"):
        teach(rings[:2], tmp_path / "model.onnx", name="ring", created_by="test")
    assert not list(tmp_path.iterdir())


def test_copies_of_one_image_are_too_few(rings: tuple[Path, ...], tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="only 1 of the 20 good images differ"):
        teach(rings[:1] * 20, tmp_path / "model.onnx", name="ring", created_by="test")


def test_a_damaged_image_is_named_and_nothing_is_written(
    rings: tuple[Path, ...], tmp_path: Path
) -> None:
    cut = tmp_path / "cut.png"
    cut.write_bytes(rings[0].read_bytes()[:2000])
    with pytest.raises(ImageError, match=r"cut\.png"):
        teach((*rings, cut), tmp_path / "model.onnx", name="ring", created_by="test")
    assert [each.name for each in tmp_path.iterdir()] == ["cut.png"]


def test_a_missing_folder_is_said_before_the_work(rings: tuple[Path, ...], tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="its folder does not exist"):
        teach(rings, tmp_path / "no" / "model.onnx", name="ring", created_by="test")


def test_of_very_many_images_an_even_share_is_used() -> None:
    paths = chosen([Path(str(number)) for number in range(3 * MOST_IMAGES)])
    numbers = np.array([int(path.name) for path in paths])
    assert len(paths) == MOST_IMAGES
    assert set(np.diff(numbers)) <= {2, 3, 4}
    assert (numbers[0], numbers[-1]) == (0, 3 * MOST_IMAGES - 1)
