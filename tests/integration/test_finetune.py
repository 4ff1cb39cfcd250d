"""A detector is fine-tuned by ultralytics, killed on the way, resumed, and exported."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import psutil
import pytest
from label_files import WRITERS, Picture, write_picture, write_yolo
from processes import edgeinspect, refusal
from required import missing

from edgeinspect.datasets.images import read_image
from edgeinspect.models.answer import Boxes
from edgeinspect.models.box_agreement import overlaps
from edgeinspect.models.judge import load_judge

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-finetune" / "bin" / "python"
SIDE, EPOCHS = 128, 40
KILLED_AFTER = 12

pytestmark = pytest.mark.timeout(900)


SIZES = (128, 96), (96, 128), (128, 128)


def _pictures(
    seed: int, count: int, sizes: Sequence[tuple[int, int]] = SIZES
) -> tuple[Picture, ...]:
    """Pictures of these sizes in turn, with a red and a cyan block in each."""
    rng = np.random.default_rng(seed)
    pictures = []
    for number in range(count):
        width, height = sizes[number % len(sizes)]
        boxes = []
        for index in range(2):
            wide, high = (int(side) for side in rng.integers(20, 40, 2))
            left = index * width // 2 + int(rng.integers(0, width // 2 - wide + 1))
            top = int(rng.integers(0, height - high))
            boxes.append((index, left, top, left + wide, top + high))
        pictures.append(Picture(f"part{number:02}", width, height, tuple(boxes)))
    return tuple(pictures)


@pytest.fixture(scope="module")
def blocks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve pictures, taught from and measured on, so that a short training shows something."""
    folder = tmp_path_factory.mktemp("blocks") / "set"
    write_yolo(folder, ("red", "cyan"), _pictures(0, 12))
    (folder / "data.yaml").write_text("train: images\nval: images\nnames: [red, cyan]\n")
    return folder


@dataclass(frozen=True)
class Resumed:
    """A model whose training was killed once: what each of both processes said."""

    model: Path
    first: list[str]
    second: list[str]
    answer: dict[str, Any]


def _start(*words: object, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "edgeinspect.cli.main", "finetune", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def _heed_ctrl_c() -> None:
    """Where tests run in the background it is ignored, and so it would be in what they start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _until(process: subprocess.Popen[str], begin: str) -> list[str]:
    """Return what the process says, up to the line that begins so."""
    assert process.stderr is not None
    said: list[str] = []
    for line in process.stderr:
        said.append(line.rstrip())
        if line.startswith(begin):
            return said
    raise AssertionError(f"it ended without '{begin}': {said}")


def _trainers(process: subprocess.Popen[str]) -> list[psutil.Process]:
    children: list[psutil.Process] = psutil.Process(process.pid).children(recursive=True)
    return children


@pytest.fixture(scope="module")
def trained(blocks: Path, tmp_path_factory: pytest.TempPathFactory) -> Resumed:
    if not PYTHON.exists():
        missing("the fine-tuning environment is not there; `make finetune-env` makes it")
    model = tmp_path_factory.mktemp("trained") / "blocks.onnx"
    words = [blocks, "-o", model, "--size", SIDE, "--epochs", EPOCHS, "--threads", 1]
    with _start(*words) as process:
        first = _until(process, f"epoch {KILLED_AFTER} of {EPOCHS}")
        trainers = _trainers(process)
        process.kill()
    _, alive = psutil.wait_procs(trainers, timeout=20)
    assert not alive, "the trainer outlived the command that started it"
    assert not model.exists()
    with _start(*words, "--resume", "--json") as process:
        printed, said = process.communicate(timeout=600)
    assert process.returncode == 0, said
    return Resumed(model, first, said.splitlines(), json.loads(printed))


def test_a_killed_training_goes_on_where_it_was(trained: Resumed) -> None:
    (kept,) = (line for line in trained.second if line.endswith("was the last that is kept"))
    assert kept.split()[:4] in (
        ["epoch", str(epoch), "of", str(EPOCHS)] for epoch in (KILLED_AFTER, KILLED_AFTER + 1)
    )
    assert not any(line.startswith("epoch 1 of") for line in trained.second)
    assert trained.answer["epochs"] == EPOCHS


def test_it_has_learned(trained: Resumed) -> None:
    assert trained.answer["map50"] > 0.8
    assert trained.answer["shared"]
    assert trained.answer["boxes_compared"] > 10


def test_the_licence_is_said_first_and_is_in_the_model(trained: Resumed) -> None:
    for said in (trained.first, trained.second):
        licence = next(place for place, line in enumerate(said) if "AGPL-3.0" in line)
        assert licence < next(n for n, line in enumerate(said) if line.startswith("ultralytics "))
    (licence,) = trained.answer["manifest"]["licences"]
    assert licence["licence"] == "AGPL-3.0"
    assert licence["source"].startswith("PyPI ultralytics ")


def test_only_the_model_and_what_may_be_taught_on_stay(trained: Resumed) -> None:
    names = {path.name for path in trained.model.parent.iterdir()}
    assert names == {"blocks.onnx", "blocks.onnx.run"}
    assert (trained.model.parent / "blocks.onnx.run" / "best.pt").is_file()


def test_export_and_ultralytics_agree_box_by_box(trained: Resumed, tmp_path: Path) -> None:
    images = _unseen(tmp_path)
    theirs = _found_by_ultralytics(trained, images)
    judge = load_judge(trained.model)
    compared = 0
    for image in images:
        placed = judge.place(read_image(image))
        boxes = judge.session.run(placed.pixels).boxes
        assert boxes is not None
        ours = [
            (*box, row[4], row[5])
            for row in boxes.tolist()
            if (box := placed.in_frame((row[0], row[1], row[2], row[3]))) is not None
        ]
        compared += _assert_same(
            np.array(ours, np.float32), np.array(theirs[str(image)], np.float32)
        )
    assert compared > 4 * len(images)


def _unseen(folder: Path) -> list[Path]:
    """Pictures that were not taught, of sizes that are halved, doubled and left alone."""
    images = []
    for picture in _pictures(7, 3):
        image = folder / f"{picture.name}.png"
        write_picture(image, picture)
        images.append(image)
        pixels = read_image(image)
        for name, factor in (("large", 3.7), ("small", 0.45)):
            images.append(folder / f"{picture.name}-{name}.png")
            resized = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
            cv2.imwrite(str(images[-1]), resized)
    return images


def _found_by_ultralytics(trained: Resumed, images: Sequence[Path]) -> dict[str, Any]:
    weights = trained.model.parent / "blocks.onnx.run" / "best.pt"
    done = subprocess.run(
        [PYTHON, ROOT / "tests" / "ultralytics_boxes.py", weights, str(SIDE), *images],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "typings")},
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _assert_same(ours: Boxes, theirs: Boxes) -> int:
    """Assert that each box of a score of 0.02 or more has a twin; return how many were compared."""
    compared = 0
    for one, other in ((ours, theirs), (theirs, ours)):
        sure = one[one[:, 4] >= 0.02]
        twins = (
            (overlaps(sure, other) > 0.99)
            & (np.abs(sure[:, None, 4] - other[None, :, 4]) < 1e-3)
            & (sure[:, None, 5] == other[None, :, 5])
        )
        assert twins.any(axis=1).all(), (sure[~twins.any(axis=1)], other)
        compared += len(sure)
    return compared


def test_the_model_finds_and_names_what_it_was_taught(trained: Resumed, blocks: Path) -> None:
    inspections = json.loads(
        edgeinspect("inspect", blocks / "images", "-m", trained.model, "--json")
    )
    named = [{each["class"] for each in inspection["findings"]} for inspection in inspections]
    assert sum({"red", "cyan"} <= names for names in named) >= 10


def test_it_starts_from_weights_in_a_region_and_says_whose(
    trained: Resumed, tmp_path: Path
) -> None:
    write_yolo(tmp_path / "set", ("red", "cyan"), _pictures(3, 10, ((128, 128),)))
    weights = tmp_path / "blocks.pt"
    shutil.copy(trained.model.parent / "blocks.onnx.run" / "best.pt", weights)
    words = [tmp_path / "set", "-o", tmp_path / "more.onnx", "--weights", weights]
    words += ["--size", SIDE, "--threads", 1, "--region", "12,12 124,124"]
    with _start(*words, "--epochs", 2, "--json") as process:
        printed, said = process.communicate(timeout=300)
    assert process.returncode == 0, said
    assert "a .pt file is a pickle" in said
    assert "the first 10 layers frozen" in said
    answer = json.loads(printed)
    assert answer["map50"] > 0.5
    begun, _ = answer["manifest"]["licences"]
    assert begun["weights"] == "blocks.pt"
    assert answer["manifest"]["region"]["corners_px"][0] == [12, 12]
    assert answer["manifest"]["taught_gates"]["images"] == 10
    judge = load_judge(tmp_path / "more.onnx")
    (picture,) = _pictures(11, 1, ((128, 128),))
    write_picture(tmp_path / "one.png", picture)
    found = judge.judge(read_image(tmp_path / "one.png"), 0.1).findings
    right, down = picture.boxes[0][3], picture.boxes[0][4]
    assert any(
        finding.box_px[2:] == pytest.approx((min(right, 124), min(down, 124)), abs=6)
        for finding in found
    )


EVIL = """
import os, sys, torch
class Evil:
    def __reduce__(self):
        return os.system, (f"touch {sys.argv[2]}",)
torch.save({"model": Evil(), "train_args": {}}, sys.argv[1])
"""


def test_a_pickle_that_runs_something_is_not_loaded(
    trained: Resumed, blocks: Path, tmp_path: Path
) -> None:
    del trained  # the environment is there
    weights, touched = tmp_path / "evil.pt", tmp_path / "touched"
    subprocess.run([PYTHON, "-c", EVIL, weights, touched], check=True, capture_output=True)
    sentence = refusal("finetune", blocks, "-o", tmp_path / "evil.onnx", "--weights", weights)
    assert "training failed" in sentence
    assert not touched.exists()
    assert not (tmp_path / "evil.onnx").exists()


def test_ctrl_c_stops_both_and_leaves_no_model(
    trained: Resumed, blocks: Path, tmp_path: Path
) -> None:
    del trained
    model = tmp_path / "blocks.onnx"
    words = [blocks, "-o", model, "--size", SIDE, "--epochs", 500, "--threads", 1]
    with _start(*words, preexec_fn=_heed_ctrl_c) as process:
        _until(process, "epoch 1 of")
        trainers = _trainers(process)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said.splitlines()[-1] == "stopped."
    assert "go on with --resume" in said
    assert not psutil.wait_procs(trainers, timeout=10)[1]
    assert {path.name for path in tmp_path.iterdir()} == {"blocks.onnx.run"}


def test_a_full_disk_is_a_sentence(trained: Resumed, blocks: Path, tmp_path: Path) -> None:
    del trained
    limit_bytes = 4_000_000  # less than a checkpoint

    def no_large_file() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))

    words = [blocks, "-o", tmp_path / "blocks.onnx", "--size", SIDE, "--epochs", 2]
    words += ["--threads", 1]
    with _start(*words, preexec_fn=no_large_file) as process:
        _, said = process.communicate(timeout=300)
    assert process.returncode == 1
    assert "Traceback" not in said
    assert "no space left to write its checkpoints" in said.splitlines()[-1]
    assert not (tmp_path / "blocks.onnx").exists()


@pytest.fixture
def bare_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """An interpreter without ultralytics: what is refused is refused before it matters."""
    monkeypatch.setenv("EDGEINSPECT_FINETUNE_PYTHON", sys.executable)


@pytest.mark.usefixtures("bare_python")
class TestRefused:
    def test_without_ultralytics_it_says_what_to_install(
        self, blocks: Path, tmp_path: Path
    ) -> None:
        sentence = refusal("finetune", blocks, "-o", tmp_path / "a.onnx")
        assert "it lacks a package" in sentence
        assert "edgeinspect[finetune]" in sentence

    def test_a_wrong_folder(self, tmp_path: Path) -> None:
        output = tmp_path / "a.onnx"
        assert "no such folder" in refusal("finetune", tmp_path / "gone", "-o", output)
        assert "no labels in it" in refusal("finetune", tmp_path, "-o", output)

    def test_a_folder_that_cannot_be_written_to(self, blocks: Path, tmp_path: Path) -> None:
        gone = refusal("finetune", blocks, "-o", tmp_path / "gone" / "a.onnx")
        assert gone.endswith("its folder does not exist; make it first.")
        assert "is a folder; name a file" in refusal("finetune", blocks, "-o", tmp_path)

    @pytest.mark.parametrize("form", WRITERS)
    def test_one_image(self, form: str, tmp_path: Path) -> None:
        WRITERS[form](tmp_path / "set", ("red", "cyan"), _pictures(0, 1))
        sentence = refusal("finetune", tmp_path / "set", "-o", tmp_path / "a.onnx")
        assert "too few to fine-tune on, 1 labelled image:" in sentence

    def test_unlabelled_images(self, blocks: Path, tmp_path: Path) -> None:
        shutil.copytree(blocks, tmp_path / "set")
        (tmp_path / "set" / "labels" / "part03.txt").unlink()
        sentence = refusal("finetune", tmp_path / "set", "-o", tmp_path / "a.onnx")
        assert "part03.png: has no label" in sentence

    def test_contradictory_labels(self, blocks: Path, tmp_path: Path) -> None:
        shutil.copytree(blocks, tmp_path / "set")
        (tmp_path / "set" / "labels" / "part03.txt").write_text(
            "0 0.5 0.5 0.2 0.2\n1 0.5 0.5 0.2 0.2\n"
        )
        sentence = refusal("finetune", tmp_path / "set", "-o", tmp_path / "a.onnx")
        assert "part03.txt, line 2: this box is 'cyan', and 'red' in" in sentence

    def test_weights_that_are_not_there(self, blocks: Path, tmp_path: Path) -> None:
        words = ["finetune", blocks, "-o", tmp_path / "a.onnx", "--weights", tmp_path / "y.pt"]
        assert "no such file of weights; nothing is fetched" in refusal(*words)

    def test_a_start_that_is_neither_weights_nor_network(
        self, blocks: Path, tmp_path: Path
    ) -> None:
        words = ["finetune", blocks, "-o", tmp_path / "a.onnx", "--network", "yolo11n.onnx"]
        assert "no weights (.pt) and no network (.yaml)" in refusal(*words)

    def test_a_size_that_no_network_takes(self, blocks: Path, tmp_path: Path) -> None:
        sentence = refusal("finetune", blocks, "-o", tmp_path / "a.onnx", "--size", 100)
        assert "not a multiple of 32; give 96" in sentence
