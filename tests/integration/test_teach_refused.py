"""What the commands that write models refuse, before any work."""

from pathlib import Path

import pytest
from processes import refusal
from typer.testing import CliRunner

from edgeinspect.cli.app import app
from edgeinspect.cli.teaching import FirstTeaching
from edgeinspect.core.errors import EdgeInspectError
from edgeinspect.datasets.labels.read import Form


def _refused(*arguments: object) -> str:
    """Return the sentence with which a command refuses."""
    done = CliRunner().invoke(app, list(map(str, arguments)))
    assert isinstance(done.exception, EdgeInspectError), done.output
    return str(done.exception)


IMPORT = ("model", "import", "m.onnx", "--layout", "yolo", "--classes", "a", "--images", "i")


@pytest.mark.parametrize(
    "command",
    [
        ("teach", "parts"),
        ("teach", "parts", "--add-to", "m.onnx"),
        ("unteach", "m.onnx"),
        ("quantize", "m.onnx", "parts"),
        ("finetune", "parts"),
        (*IMPORT, "--licence", "MIT"),
        ("model", "sign", "m.onnx", "--key", "k"),
    ],
)
def test_what_is_not_named_as_a_model_is_not_written(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    output = tmp_path / "x.cache"
    assert _refused(*command, "-o", output) == (
        f"{output}: a model's name ends in .onnx; write it to {output.with_suffix('.onnx')}."
    )
    assert "is a folder; name a file" in _refused(*command, "-o", tmp_path)


def test_a_model_named_as_its_cache_is_refused_in_one_sentence(
    sample: Path, tmp_path: Path
) -> None:
    assert ".onnx" in refusal("teach", sample, "-o", tmp_path / "x.cache")
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(
    "option",
    [
        ("--defects", "marked"),
        ("--grade", "fast"),
        ("--smallest-defect", "9"),
        ("--name", "washer"),
        ("--region", "10,10 90,90"),
        ("--classes", "dent"),
        ("--labels", "voc"),
    ],
)
def test_what_is_said_of_a_first_teaching_is_refused_when_one_more_is_taught(
    option: tuple[str, str], tmp_path: Path
) -> None:
    more = ("teach", "parts", "--add-to", "m.onnx", "-o", tmp_path / "more.onnx")
    assert _refused(*more, *option).startswith(f"{option[0]}: said of a model's first teaching")


def test_names_of_classes_without_marked_defects_are_refused() -> None:
    with pytest.raises(EdgeInspectError, match="--classes: names the classes of --defects"):
        FirstTeaching(classes=("dent",)).marked()
    with pytest.raises(EdgeInspectError, match="--labels: the form of the boxes of --defects"):
        FirstTeaching(labels=Form.VOC).marked()


def test_a_model_that_gives_way_is_named(sample: Path, tmp_path: Path) -> None:
    output = tmp_path / "part.onnx"
    output.write_bytes(b"an older model")
    done = CliRunner().invoke(app, ["teach", str(sample), "-o", str(output)])
    assert done.exit_code == 0
    assert f"{output}: took the place of the model that was there" in done.stderr


@pytest.mark.parametrize("region", ["10,10", "10 20 30 40", "a,b c,d", "-5,10 40,90", "1,2,3 4,5"])
def test_what_is_no_region_is_refused(region: str, tmp_path: Path) -> None:
    sentence = _refused("teach", tmp_path, "-o", tmp_path / "x.onnx", f"--region={region}")
    assert sentence.startswith(f"--region {region}: no region; write the left upper and the right")
