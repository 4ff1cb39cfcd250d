import hashlib
import subprocess
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import numpy_helper
from required import missing

from edgeinspect.models.backbone.pixels import INPUT
from edgeinspect.models.backbone.shipped import backbone_path

ROOT = Path(__file__).resolve().parents[3]
FINETUNE_PYTHON = ROOT / ".venv-finetune" / "bin" / "python"


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not FINETUNE_PYTHON.exists():
        missing("the fine-tuning environment is not there; `make finetune-env` makes it")
    out = tmp_path_factory.mktemp("backbone") / "again.onnx"
    subprocess.run(
        [FINETUNE_PYTHON, "-m", "edgeinspect.models.finetune.export_backbone", out],
        check=True,
        env={"PYTHONPATH": str(ROOT / "typings")},
        capture_output=True,
        timeout=120,
    )
    return out


def _weights(path: Path) -> dict[str, np.ndarray]:
    return {each.name: numpy_helper.to_array(each) for each in onnx.load(path).graph.initializer}


def _taps(path: Path, pixels: np.ndarray) -> dict[str, np.ndarray]:
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, {INPUT: pixels}), strict=True))


def test_exporting_again_gives_the_same_weights(exported: Path) -> None:
    shipped, again = _weights(backbone_path()), _weights(exported)
    assert shipped.keys() == again.keys()
    for name, weight in shipped.items():
        np.testing.assert_allclose(
            weight.astype(np.float32), again[name].astype(np.float32), rtol=2e-3, atol=1e-4
        )


def test_exporting_again_gives_the_same_features(exported: Path) -> None:
    pixels = np.random.default_rng(3).uniform(-1, 1, (1, 3, 128, 96)).astype(np.float32)
    shipped, again = _taps(backbone_path(), pixels), _taps(exported, pixels)
    for tap, feature in shipped.items():
        np.testing.assert_allclose(feature, again[tap], atol=1e-2 * np.abs(feature).max())


def test_taps_have_the_promised_channels_and_strides() -> None:
    taps = _taps(backbone_path(), np.zeros((1, 3, 128, 96), np.float32))
    assert {tap: feature.shape for tap, feature in taps.items()} == {
        "t2": (1, 24, 32, 24),
        "t4": (1, 40, 16, 12),
        "t7": (1, 80, 8, 6),
        "t10": (1, 112, 8, 6),
        "t14": (1, 192, 4, 3),
    }


def test_provenance_names_the_shipped_file() -> None:
    digest = hashlib.sha256(backbone_path().read_bytes()).hexdigest()
    assert digest in backbone_path().with_name("PROVENANCE.md").read_text()
