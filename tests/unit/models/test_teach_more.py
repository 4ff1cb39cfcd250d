from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest
from quantised import quantised_from

from edgeinspect.core.errors import ModelError
from edgeinspect.datasets.images import read_image
from edgeinspect.models.file import read_model, write_model
from edgeinspect.models.judge import load_judge
from edgeinspect.models.teach.cache import cache_path
from edgeinspect.models.teach.more import take_back, teach_more

from .conftest import DrawRing


@pytest.fixture(scope="module")
def false_alarms(tmp_path_factory: pytest.TempPathFactory, draw_ring: DrawRing) -> list[Path]:
    """Three good rings that the model flags: an inspection stamp lies on each."""
    folder = tmp_path_factory.mktemp("cleared")
    paths = [folder / f"{number}.png" for number in range(3)]
    for number, path in enumerate(paths):
        cv2.imwrite(str(path), draw_ring(500 + number, blot=(40, 200)))
    return paths


@pytest.fixture(scope="module")
def more_model(
    ring_model: Path, false_alarms: list[Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The ring model, taught these too."""
    path = tmp_path_factory.mktemp("more") / "more.onnx"
    teach_more(false_alarms, ring_model, path, "qa")
    return path


def _scores_over_threshold(model: Path, images: list[Path]) -> list[float]:
    judge = load_judge(model)
    threshold = judge.manifest.threshold.value
    return [judge.judge(read_image(path), threshold).score / threshold for path in images]


def test_what_was_cleared_is_no_longer_flagged(
    ring_model: Path, more_model: Path, false_alarms: list[Path]
) -> None:
    assert min(_scores_over_threshold(ring_model, false_alarms)) >= 1
    assert max(_scores_over_threshold(more_model, false_alarms)) < 1


def test_a_defect_is_flagged_as_before(more_model: Path, draw_ring: DrawRing) -> None:
    judge = load_judge(more_model)
    threshold = judge.manifest.threshold.value
    for seed in range(3):
        assert judge.judge(draw_ring(700 + seed, blot=(230, 120)), threshold).score >= threshold


def test_the_manifest_says_who_added_what(
    ring_model: Path, more_model: Path, false_alarms: list[Path]
) -> None:
    old, new = read_model(ring_model).manifest, read_model(more_model).manifest
    (addition,) = new.additions
    assert (addition.images, addition.added_by) == (len(false_alarms), "qa")
    assert new.training_images == old.training_images + len(false_alarms)
    assert (new.name, new.version) == (old.name, old.version + 1)


def test_an_addition_can_be_taken_back(ring_model: Path, more_model: Path, tmp_path: Path) -> None:
    take_back(more_model, tmp_path / "back.onnx", "qa")
    first, back = read_model(ring_model), read_model(tmp_path / "back.onnx")
    assert back.graph == first.graph
    assert back.manifest.threshold == first.manifest.threshold
    assert back.manifest.additions == ()


def test_nothing_was_added_so_nothing_is_taken_back(ring_model: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nothing was added"):
        take_back(ring_model, tmp_path / "back.onnx", "qa")


def test_the_same_images_teach_nothing_new(
    more_model: Path, false_alarms: list[Path], tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match="taught on all of these images already"):
        teach_more(false_alarms, more_model, tmp_path / "again.onnx", "qa")


def test_a_missing_cache_is_named(
    ring_model: Path, false_alarms: list[Path], tmp_path: Path
) -> None:
    alone = tmp_path / "alone.onnx"
    alone.write_bytes(ring_model.read_bytes())
    with pytest.raises(ModelError, match=r"alone\.cache: is missing"):
        teach_more(false_alarms, alone, tmp_path / "new.onnx", "qa")


def _packed(cache: bytes) -> bytes:
    """The same arrays, compressed: such a file can hold far more than it looks."""
    packed = BytesIO()
    with np.load(BytesIO(cache)) as arrays:
        np.savez_compressed(packed, allow_pickle=False, **arrays)
    return packed.getvalue()


@pytest.mark.parametrize("damage", ["cut", "garbage", "another's", "packed"])
def test_a_bad_cache_is_refused(
    damage: str, ring_model: Path, more_model: Path, false_alarms: list[Path], tmp_path: Path
) -> None:
    copy = tmp_path / "copy.onnx"
    copy.write_bytes(ring_model.read_bytes())
    own = cache_path(ring_model).read_bytes()
    content = {
        "cut": own[: len(own) // 2],
        "garbage": np.random.default_rng(0).bytes(4096),
        "another's": cache_path(more_model).read_bytes(),
        "packed": _packed(own),
    }
    cache_path(copy).write_bytes(content[damage])
    with pytest.raises(ModelError, match=r"copy\.cache: damaged, or not of this model"):
        teach_more(false_alarms, copy, tmp_path / "new.onnx", "qa")
    assert not (tmp_path / "new.onnx").exists()


def test_where_the_cache_cannot_be_written_the_model_is_not_either(
    ring_model: Path, false_alarms: list[Path], tmp_path: Path
) -> None:
    model = tmp_path / "line.onnx"
    model.write_bytes(b"in use")
    cache_path(model).mkdir()
    with pytest.raises(ModelError, match=r"line\.cache: cannot be written .*so the model was not"):
        teach_more(false_alarms, ring_model, model, "qa")
    assert {path.name for path in tmp_path.iterdir()} == {"line.onnx", "line.cache"}
    assert model.read_bytes() == b"in use"


def test_a_model_in_8_bits_is_not_taught_but_the_one_it_was_made_from(
    ring_model: Path, rings: tuple[Path, ...], tmp_path: Path
) -> None:
    file = read_model(ring_model)
    quantised = quantised_from(file.sha256)
    manifest = file.manifest.model_copy(update={"quantised": quantised})
    graph = onnx.load_model_from_string(file.graph)
    write_model(tmp_path / "8.onnx", graph, manifest, file.references)
    sentence = r"8\.onnx: counts in 8 bits .* teach the model it was made from, then quantize that"
    with pytest.raises(ModelError, match=sentence):
        teach_more(rings, tmp_path / "8.onnx", tmp_path / "more.onnx", "qa")
