"""A judge is found by the identity of its model, and those used last stay ready."""

from pathlib import Path

import onnx
import pytest

from edgeinspect.core.errors import ModelError
from edgeinspect.core.identity import Sha256
from edgeinspect.models.file import read_model, write_model
from edgeinspect.models.judge import Judge, load_judge
from edgeinspect.models.shelf import KEPT, Shelf

PRODUCTS = tuple(f"product-{number}" for number in range(KEPT + 1))


@pytest.fixture(scope="module")
def models(washer_model: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[Sha256, Path]:
    """Models of as many products, by their identities."""
    folder, washers = tmp_path_factory.mktemp("models"), read_model(washer_model)
    found = {}
    for name in PRODUCTS:
        manifest = washers.manifest.model_copy(update={"name": name})
        path, graph = folder / f"{name}.onnx", onnx.load_from_string(washers.graph)
        found[write_model(path, graph, manifest, washers.references).sha256] = path
    (folder / "another.onnx").write_bytes(b"no model")
    return found


def first_file(models: dict[Sha256, Path]) -> Path:
    return next(iter(models.values()))


def test_the_right_one_is_loaded_and_those_used_last_stay(models: dict[Sha256, Path]) -> None:
    loaded: list[str] = []

    def load(path: Path) -> Judge:
        loaded.append(path.stem)
        return load_judge(path)

    shelf = Shelf(first_file(models).parent, first_file(models), load)
    names = {sha256: path.stem for sha256, path in models.items()}
    for sha256, name in names.items():
        assert shelf.judge(sha256).manifest.name == name
    first, *_, last = models
    shelf.judge(last)
    assert loaded == list(PRODUCTS)
    shelf.judge(first)  # one more than are kept were used since
    assert loaded == [*PRODUCTS, PRODUCTS[0]]


def test_what_is_not_there_is_said(models: dict[Sha256, Path], tmp_path: Path) -> None:
    own = first_file(models)
    shelf = Shelf(own.parent, own, load_judge)
    with pytest.raises(ModelError, match="holds no model 000000000000; put the model"):
        shelf.judge("0" * 64)
    with pytest.raises(ModelError, match="holds no model"):
        Shelf(tmp_path / "none", own, load_judge).judge("0" * 64)


def test_the_model_of_the_settings_is_found_wherever_it_lies(
    models: dict[Sha256, Path], tmp_path: Path
) -> None:
    sha256, own = next(iter(models.items()))
    assert Shelf(tmp_path, own, load_judge).judge(sha256).ref.sha256 == sha256
