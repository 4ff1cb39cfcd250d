"""`evaluate` and `threshold` as a person gives them, and what they say to what cannot be."""

import json
import os
import pty
import resource
import shutil
import signal
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from processes import edgeinspect, refusal

from edgeinspect.core.recipe import Recipe
from edgeinspect.settings.recipe_file import load_recipe

PRICES = ("--cost-escape", 50, "--cost-overkill", 1, "--defect-rate", 0.02)


def answer(command: str, *arguments: object) -> Any:
    """Return what a command tells a program."""
    return json.loads(edgeinspect(command, *arguments, "--json"))


@pytest.fixture(scope="module")
def other_model(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model taught from a third of the sample's good parts."""
    folder = tmp_path_factory.mktemp("few")
    for path in sorted((sample / "train" / "good").iterdir())[::3]:
        shutil.copy(path, folder)
    edgeinspect("teach", folder, "-o", folder / "few.onnx")
    return folder / "few.onnx"


@pytest.fixture
def parts(sample: Path, tmp_path: Path) -> Path:
    """A few of the sample's test images, to be spoilt."""
    for label in ("good", "dent"):
        (tmp_path / "parts" / "test" / label).mkdir(parents=True)
        for path in sorted((sample / "test" / label).iterdir())[:4]:
            shutil.copy(path, tmp_path / "parts" / "test" / label)
    return tmp_path / "parts"


def test_a_page_is_written_and_says_what_the_command_says(
    sample: Path, washer_model: Path, tmp_path: Path
) -> None:
    page = tmp_path / "report.html"
    found = answer("evaluate", sample, "-m", washer_model, "--report", page, "--lang", "zh")
    text = page.read_text(encoding="utf-8")
    assert f"{found['escapes']} / {found['bad']}" in text
    assert found["pixels"]["defects"] >= 60
    assert found["pixels"]["aupro"] > 0.5
    assert sum(size["images"] for size in found["sizes"]) == found["bad"]
    assert found["remarks"] == []
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_two_models_are_compared_on_the_same_images(
    parts: Path, washer_model: Path, other_model: Path
) -> None:
    models = ("-m", washer_model, "-m", other_model)
    found = answer("evaluate", parts, *models)
    names = [model["model"]["name"] for model in found["models"]]
    assert names == ["washer", "few"]
    (compared,) = found["comparisons"]
    assert (compared["first"]["name"], compared["second"]["name"]) == ("washer", "few")
    assert (compared["good"], compared["bad"]) == (4, 4)
    assert "few" in edgeinspect("evaluate", parts, *models)


def test_a_recipe_with_a_threshold_compares_nothing(
    parts: Path, washer_model: Path, other_model: Path
) -> None:
    recipe = parts / "recipe.toml"
    recipe.write_text("threshold = 3.0\n", encoding="utf-8")
    models = ("-m", washer_model, "-m", other_model)
    sentence = refusal("evaluate", parts, *models, "--recipe", recipe)
    assert "compare models without it" in sentence


def test_a_recipe_of_another_model_is_refused(parts: Path, washer_model: Path) -> None:
    recipe = parts / "recipe.toml"
    recipe.write_text(f'model = "{"0" * 64}"\n', encoding="utf-8")
    for command in ("evaluate", "threshold"):
        sentence = refusal(command, parts, "-m", washer_model, "--recipe", recipe)
        assert "was made for model 000000000000" in sentence


def test_what_good_parts_promise_becomes_a_recipe(
    sample: Path, washer_model: Path, tmp_path: Path
) -> None:
    recipe, given = tmp_path / "washer.toml", tmp_path / "given.toml"
    given.write_text('name = "m8"\nversion = 4\nreview_margin = 0.2\n', encoding="utf-8")
    printed = edgeinspect(
        "threshold", sample, "-m", washer_model, "--overkill", 0.2, "--recipe", given, "-o", recipe
    )
    assert "promised: from threshold" in printed
    written = load_recipe(recipe)
    assert (written.name, written.version, written.review_margin) == ("m8", 5, 0.2)
    found = answer("threshold", sample, "-m", washer_model, "--overkill", 0.2)
    assert written.threshold == found["promise"]["threshold"] == found["promised"]["threshold"]
    assert written.model == found["model"]["sha256"]
    again = answer("evaluate", sample, "-m", washer_model, "--recipe", recipe)
    assert again["threshold"] == written.threshold
    assert again["overkill"] <= found["promise"]["allowed"]


def test_the_least_cost_becomes_a_recipe(sample: Path, washer_model: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "cheap.toml"
    printed = edgeinspect("threshold", sample, "-m", washer_model, *PRICES, "-o", recipe)
    assert "least cost" in printed
    text = recipe.read_text(encoding="utf-8")
    assert text.startswith("# least cost, ")
    assert Recipe.model_validate(tomllib.loads(text)).name == "washer"


def test_twenty_good_parts_do_not_promise_two_percent(
    sample: Path, washer_model: Path, tmp_path: Path
) -> None:
    printed = edgeinspect("threshold", sample, "-m", washer_model)
    assert (
        "scores of the final model washer for 20 good and 60 bad parts; what follows holds only if "
        "it was not taught on these parts"
    ) in printed
    assert "takes 149 good parts at least, not 20; add 129 or more" in printed
    sentence = refusal("threshold", sample, "-m", washer_model, "-o", tmp_path / "r.toml")
    assert sentence.startswith("edgeinspect: not promised: an overkill of at most 2 %")
    assert list(tmp_path.iterdir()) == []


def test_the_parts_it_was_taught_from_promise_nothing(sample: Path, washer_model: Path) -> None:
    sentence = refusal("threshold", sample / "train" / "good", "-m", washer_model)
    assert "washer was taught from all good parts here" in sentence


def test_a_plain_folder_holds_good_parts(sample: Path, washer_model: Path) -> None:
    good = sample / "test" / "good"
    found = answer("threshold", good, "-m", washer_model)
    assert (found["good"], found["bad"], found["cheapest"]) == (20, 0, None)
    assert "it takes bad parts" in edgeinspect("threshold", good, "-m", washer_model, *PRICES)
    sentence = refusal("threshold", good, "-m", washer_model, *PRICES, "-o", "cheap.toml")
    assert "no bad part was judged" in sentence


def test_one_picture_with_two_labels_is_said(parts: Path, washer_model: Path) -> None:
    dent = next((parts / "test" / "dent").iterdir())
    shutil.copy(dent, parts / "test" / "good" / "wrong.jpg")
    assert "one of them wrong" in edgeinspect("evaluate", parts, "-m", washer_model)
    sentence = refusal("threshold", parts, "-m", washer_model)
    assert "wrong.jpg" in sentence and "one picture with two labels" in sentence


def test_copies_count_once_towards_a_promise(sample: Path, parts: Path, washer_model: Path) -> None:
    good = parts / "test" / "good"
    shutil.copy(next(good.iterdir()), good / "copy.jpg")
    taught = sorted((sample / "train" / "good").iterdir())[0]
    (parts / "train" / "good").mkdir(parents=True)
    shutil.copy(taught, parts / "train" / "good")
    shutil.copy(taught, good / "taught.jpg")
    found = answer("threshold", parts, "-m", washer_model)
    assert found["good"] == 4
    assert [remark["kind"] for remark in found["remarks"]] == ["twice", "taught"]


@pytest.mark.parametrize("command", ["evaluate", "threshold"])
def test_what_was_added_to_a_model_tells_nothing_of_it(
    parts: Path, washer_model: Path, tmp_path: Path, command: str
) -> None:
    added = tmp_path / "added"
    added.mkdir()
    taught = sorted((parts / "test" / "good").iterdir())[:2]
    for path in taught:
        shutil.copy(path, added)
    more = tmp_path / "more.onnx"
    edgeinspect("teach", added, "--add-to", washer_model, "-o", more)
    found = answer(command, parts, "-m", more)
    assert (found["good"], found["bad"]) == (2, 4)
    assert found["remarks"] == [{"kind": "taught", "about": [str(path) for path in taught]}]
    assert "note: left out, for it is also among" in edgeinspect(command, parts, "-m", more)
    assert answer(command, parts, "-m", washer_model)["good"] == 4


def test_marked_defects_tell_nothing_of_the_model_that_knows_them(
    sample: Path, parts: Path, tmp_path: Path
) -> None:
    dents = sorted((parts / "test" / "dent").iterdir())
    marked = tmp_path / "marked"
    for path in dents[:3]:
        mask = f"ground_truth/dent/{path.stem}_mask.png"
        for source, name in ((path, f"test/dent/{path.name}"), (sample / mask, mask)):
            (marked / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, marked / name)
    model = tmp_path / "knows.onnx"
    edgeinspect("teach", sample, "--defects", marked, "-o", model)
    for command in ("evaluate", "threshold"):
        found = answer(command, parts, "-m", model)
        assert (found["good"], found["bad"]) == (4, 1)
        assert found["remarks"] == [{"kind": "taught", "about": [str(path) for path in dents[:3]]}]
    assert "taught from all parts here (3 images)" in refusal("evaluate", marked, "-m", model)


def test_of_two_models_neither_is_flattered(
    sample: Path, parts: Path, washer_model: Path, other_model: Path
) -> None:
    seen = next(iter(sorted((sample / "train" / "good").iterdir())[1:]))
    shutil.copy(seen, parts / "test" / "good" / "seen.jpg")
    found = answer("evaluate", parts, "-m", other_model, "-m", washer_model)
    assert [each["good"] for each in found["models"]] == [4, 4]
    assert answer("evaluate", parts, "-m", other_model)["good"] == 5


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--overkill", 0), "--overkill 0 is no share"),
        (("--confidence", 1), "--confidence 1 is no share"),
        (("--cost-escape", 3), "give all three"),
        (("-o", "/nowhere/at/all.toml"), "its folder does not exist"),
        (("--recipe", "/nowhere.toml"), "not a readable recipe"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(
    parts: Path, washer_model: Path, options: tuple[object, ...], words: str
) -> None:
    assert words in refusal("threshold", parts, "-m", washer_model, *options)


@pytest.mark.parametrize("command", ["evaluate", "threshold"])
def test_a_wrong_folder_is_named(tmp_path: Path, washer_model: Path, command: str) -> None:
    assert "no such folder" in refusal(command, tmp_path / "gone", "-m", washer_model)
    assert "no class folders with images" in refusal(command, tmp_path, "-m", washer_model)


@pytest.mark.parametrize("label", ["good", "dent"])
def test_a_single_image_is_evaluated(parts: Path, washer_model: Path, label: str) -> None:
    for path in sorted(parts.glob("test/*/*.jpg")):
        if path != sorted((parts / "test" / label).iterdir())[0]:
            path.unlink()
    page = parts / "report.html"
    found = answer("evaluate", parts, "-m", washer_model, "--report", page)
    assert (found["images"], found["image_auroc"]) == (1, None)
    assert page.is_file()


def test_nothing_but_rubbish_is_evaluated_as_review(parts: Path, washer_model: Path) -> None:
    for path in parts.glob("test/*/*.jpg"):
        path.write_bytes(b"rubbish" + path.name.encode() + path.parent.name.encode())
    page = parts / "report.html"
    found = answer("evaluate", parts, "-m", washer_model, "--report", page)
    assert (found["review"], found["unreadable"], found["escapes"]) == (8, 8, 0)
    assert [remark["kind"] for remark in found["remarks"]] == ["unreadable"]
    assert "no good part was judged" in refusal("threshold", parts, "-m", washer_model)


@pytest.mark.parametrize("wrong", ["", "gone/report.html", "report.pdf"])
def test_a_page_that_cannot_be_written_is_refused_at_the_door(
    parts: Path, washer_model: Path, wrong: str
) -> None:
    assert str(parts) in refusal("evaluate", parts, "-m", washer_model, "--report", parts / wrong)


def test_a_full_disk_leaves_no_half_page(parts: Path, washer_model: Path) -> None:
    page = parts / "report.html"

    def hold_small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000))

    done = subprocess.run(
        _command("evaluate", parts, "-m", washer_model, "--report", page),
        preexec_fn=hold_small,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1] == (
        f"edgeinspect: {page}: cannot be written (File too large); check folder and free space."
    )
    assert [path.name for path in parts.iterdir()] == ["test"]


@pytest.mark.parametrize("command", ["evaluate", "threshold"])
def test_ctrl_c_stops_it_and_leaves_nothing(
    sample: Path, washer_model: Path, tmp_path: Path, command: str
) -> None:
    content = next((sample / "test" / "good").iterdir()).read_bytes()
    folder = tmp_path / "parts" / "test" / "good"
    folder.mkdir(parents=True)
    for number in range(1000):
        (folder / f"{number}.jpg").write_bytes(content + number.to_bytes(2))
    output = ("--report", "out.html") if command == "evaluate" else ("-o", "out.toml")
    screen, terminal = pty.openpty()
    with subprocess.Popen(
        _command(command, tmp_path / "parts", "-m", washer_model, *output),
        stdout=subprocess.DEVNULL,
        stderr=terminal,
        cwd=tmp_path,
    ) as process:
        os.close(terminal)
        _read_until(screen, b"/1000")
        process.send_signal(signal.SIGINT)
        said = _read_until(screen, b"stopped.")
        assert process.wait(60) == 130
    os.close(screen)
    assert b"Traceback" not in said
    assert [path.name for path in tmp_path.iterdir()] == ["parts"]


def _command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "edgeinspect.cli.main", *map(str, arguments)]


def _read_until(screen: int, words: bytes) -> bytes:
    """Read what a terminal shows until these words are among it."""
    seen = b""
    while words not in seen:
        seen += os.read(screen, 4096)
    return seen
