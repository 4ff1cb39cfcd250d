"""Workers are real processes; the one here stands for this project itself."""

import sys
from pathlib import Path

import pytest

from benchmarks.models.peers.talk import Worker, WorkerError

SAMPLE = Path(__file__).resolve().parents[3] / "datasets" / "sample"
PYTHON = Path(sys.executable)


def test_a_worker_teaches_then_judges_frames_to_maps_of_their_size(tmp_path: Path) -> None:
    good = sorted((SAMPLE / "train" / "good").iterdir())[:12]
    with Worker(PYTHON, tmp_path, ["teach", "own", "own-fast", str(tmp_path)]) as worker:
        assert worker.ask([str(image) for image in good]) == "taught"
        assert worker.answer() == "exported"
    what = ["serve", "own", "own-fast", str(tmp_path), "onnxruntime", "1"]
    with Worker(PYTHON, tmp_path, what) as worker:
        assert worker.answer() == "ready"
        first, second = worker.ask([str(good[0]), str(_bad())])
        assert second["score"] > first["score"] >= 0
        assert first["ms"] > 0
        assert first["boxes"] is None
        assert 20 < worker.ask(None) < 2000
        with pytest.raises(WorkerError, match=r"nowhere\.png cannot be read"):
            worker.ask(["nowhere.png"])


def _bad() -> Path:
    kinds = sorted(each for each in (SAMPLE / "test").iterdir() if each.name != "good")
    return sorted(kinds[0].iterdir())[0]


def test_a_worker_that_dies_leaves_its_last_words(tmp_path: Path) -> None:
    what = ["serve", "no_such_peer", "key", str(tmp_path), "onnxruntime", "1"]
    with (
        Worker(PYTHON, tmp_path, what) as worker,
        pytest.raises(WorkerError, match=r"No module named 'peers\.no_such_peer'"),
    ):
        worker.answer()
