from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from full_disk import full_disk

from edgeinspect.core.errors import ImageError, ModelError
from edgeinspect.core.manifest import Grade
from edgeinspect.datasets.images import read_image
from edgeinspect.models.file import read_model
from edgeinspect.models.judge import ModelJudge, load_judge
from edgeinspect.models.placement import WHOLE
from edgeinspect.models.quantize.quantize import quantize
from edgeinspect.models.teach.form import Role, Size, fine_for, form_of
from edgeinspect.models.teach.fusion import top_of
from edgeinspect.models.teach.learn import learn
from edgeinspect.models.teach.looking import MOST_IMAGES, Looked, chosen, look
from edgeinspect.models.teach.more import take_back, teach_more
from edgeinspect.models.teach.teach import Birth, teach

RING = Birth("ring", "test")
FORM = form_of(Grade.FAST)


@pytest.fixture(scope="module")
def seen(rings: tuple[Path, ...]) -> Looked:
    return look(rings, FORM, WHOLE, 1, lambda _done: None)


def test_the_graph_answers_as_the_numbers_it_was_made_from(
    rings: tuple[Path, ...], seen: Looked, ring_judge: ModelJudge
) -> None:
    scores = learn(seen.features, FORM, lambda _done: None).scores(seen.features)
    for path, score in zip(rings, scores, strict=True):
        answer = ring_judge.session.run(ring_judge.place(read_image(path)).pixels)
        assert answer.score == pytest.approx(score, rel=0.02, abs=0.02)
        assert answer.anomaly_map is not None
        assert answer.anomaly_map.shape == FORM.map_shape


@pytest.mark.parametrize("role", FORM.roles, ids=lambda role: str(role.name))
def test_what_is_said_of_a_part_left_out_is_what_a_model_without_it_says(
    role: Role, seen: Looked
) -> None:
    cells = seen.features[role.tap]
    left_out = role.fit(cells).left_out
    for place in (0, 7):
        without = role.fit(np.delete(cells, place, axis=0)).expert
        said = without.distances(cells[place : place + 1])[0]
        assert top_of(left_out[place : place + 1])[0] == pytest.approx(
            top_of(said[None])[0], rel=0.1
        )


@pytest.mark.parametrize("grade", Grade)
@pytest.mark.parametrize("size", [None, Size(640, 512)])
def test_every_form_gives_a_graph_that_may_be_run(
    grade: Grade, size: Size | None, rings: tuple[Path, ...], tmp_path: Path
) -> None:
    path = tmp_path / "model.onnx"
    manifest = teach(rings[:8], path, Birth("ring", "test", grade), fine=size)
    judge = load_judge(path)
    assert judge.manifest == manifest
    assert manifest.grade is grade


def test_the_same_images_give_the_same_graph(
    rings: tuple[Path, ...], ring_model: Path, tmp_path: Path
) -> None:
    teach(rings, tmp_path / "again.onnx", RING)
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
        RING,
        on_progress=lambda done, total: heard.append((done, total)),
    )
    assert heard == [(step, 16) for step in range(1, 17)]


def test_two_images_are_too_few(rings: tuple[Path, ...], tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"too few to teach from, 2 good images: give at least 8"):
        teach(rings[:2], tmp_path / "model.onnx", RING)
    assert not list(tmp_path.iterdir())


def test_copies_of_one_image_are_too_few(rings: tuple[Path, ...], tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="only 1 different image among 20 good ones"):
        teach(rings[:1] * 20, tmp_path / "model.onnx", RING)


def test_a_damaged_image_is_named_and_nothing_is_written(
    rings: tuple[Path, ...], tmp_path: Path
) -> None:
    cut = tmp_path / "cut.png"
    cut.write_bytes(rings[0].read_bytes()[:2000])
    with pytest.raises(ImageError, match=r"cut\.png"):
        teach((*rings, cut), tmp_path / "model.onnx", RING)
    assert [each.name for each in tmp_path.iterdir()] == ["cut.png"]


def test_a_missing_folder_is_said_before_the_work(rings: tuple[Path, ...], tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="its folder does not exist"):
        teach(rings, tmp_path / "no" / "model.onnx", RING)


def test_a_full_disk_is_said_before_a_picture_is_read(tmp_path: Path) -> None:
    gone = [tmp_path / f"{number}.png" for number in range(8)]
    output = tmp_path / "model.onnx"
    works: tuple[Callable[[], object], ...] = (
        lambda: teach(gone, output, RING),
        lambda: teach_more(gone, gone[0], output, "test"),
        lambda: take_back(gone[0], output, "test"),
        lambda: quantize(gone[0], tmp_path, gone, output),
    )
    for work in works:
        with full_disk(), pytest.raises(ModelError) as refused:
            work()
        assert str(refused.value) == (
            f"{output}: cannot be written (File too large); check folder and free space."
        )
    assert not any(tmp_path.iterdir())


def test_of_very_many_images_an_even_share_is_used() -> None:
    paths = chosen([Path(str(number)) for number in range(3 * MOST_IMAGES)])
    numbers = np.array([int(path.name) for path in paths])
    assert len(paths) == MOST_IMAGES
    assert set(np.diff(numbers)) <= {2, 3, 4}
    assert (numbers[0], numbers[-1]) == (0, 3 * MOST_IMAGES - 1)


def test_a_small_defect_asks_for_a_large_input_and_no_larger_than_allowed() -> None:
    frame = Size(2048, 1536)
    assert fine_for(Grade.FAST, frame, 200) == Size(384, 384)
    assert fine_for(Grade.FAST, frame, 16) == Size(1024, 768)
    assert fine_for(Grade.FAST, frame, 8) == frame
    assert fine_for(Grade.FAST, Size(8000, 6000), 2) == Size(2048, 2048)
