"""On real defects: a model taught from good parts ranks bad ones higher, and the line agrees."""

import json
from pathlib import Path

import pytest
from processes import edgeinspect

from edgeinspect.core.runtime import Runtime
from edgeinspect.models.file import read_model
from edgeinspect.models.proof import prove
from edgeinspect.models.runtime_choice import opened

GOOD_TAUGHT, OF_EACH_CLASS = 60, 12


@pytest.fixture(scope="module")
def tiles(real_images: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A part of the magnetic tiles in MVTec AD's layout, every few images of each folder."""
    source, folder = real_images / "magnetic-tile", tmp_path_factory.mktemp("tiles")
    wanted = {source / "train" / "good": GOOD_TAUGHT}
    wanted |= dict.fromkeys(sorted((source / "test").iterdir()), OF_EACH_CLASS)
    for images, count in wanted.items():
        target = folder / images.relative_to(source)
        target.mkdir(parents=True)
        files = sorted(images.iterdir())
        for path in files[:: max(1, len(files) // count)][:count]:
            (target / path.name).symlink_to(path)
    return folder


@pytest.fixture(scope="module")
def tile_model(tiles: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of those tiles."""
    model = tmp_path_factory.mktemp("taught") / "tile.onnx"
    edgeinspect("teach", tiles, "-o", model)
    return model


@pytest.mark.data
def test_tiles_are_taught_judged_and_recorded(
    tiles: Path, tile_model: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.json"
    evaluated = json.loads(edgeinspect("evaluate", tiles, "-m", tile_model, "--json"))
    assert evaluated["images"] == 6 * OF_EACH_CLASS
    assert evaluated["image_auroc"] > 0.75
    edgeinspect(
        "demo", "-m", tile_model, "--camera", f"folder:{tiles / 'test'}",
        "--parts", evaluated["images"], "--rate", 40, "--exit", "--summary", out,
    )  # fmt: skip
    summary = json.loads(out.read_text(encoding="utf-8"))
    assert summary["recorded"] == summary["inspected"] == evaluated["images"]
    compared = ("images", "escapes", "overkill")
    assert [summary[key] for key in compared] == [evaluated[key] for key in compared]


@pytest.mark.data
def test_in_8_bits_a_model_of_tiles_proves_itself_in_each_runtime(
    tiles: Path, tile_model: Path, tmp_path: Path
) -> None:
    """Their faint texture is judged by more of the network than drawn parts are."""
    model = tmp_path / "tile8.onnx"
    edgeinspect("quantize", tile_model, tiles, "-o", model)
    file = read_model(model)
    for runtime in (Runtime.ONNXRUNTIME, Runtime.OPENVINO):
        prove(file, opened(file.graph, 2, runtime))
