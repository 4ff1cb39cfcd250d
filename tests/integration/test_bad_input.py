"""Bad input: a clear sentence or a recorded review; never a traceback, never a pass."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from processes import edgeinspect, refusal

from edgeinspect.core.errors import ModelError
from edgeinspect.datasets.images import read_image
from edgeinspect.models.judge import load_judge

Spoil = Callable[[Path, Path], None]


def cut_short(good: Path, bad: Path) -> None:
    content = good.read_bytes()
    bad.write_bytes(content[: len(content) // 2])


def text(_good: Path, bad: Path) -> None:
    bad.write_text("this is not a picture", encoding="utf-8")


def sixteen_bits(good: Path, bad: Path) -> None:
    cv2.imwrite(str(bad), read_image(good).astype(np.uint16) * 257)


def grey(good: Path, bad: Path) -> None:
    cv2.imwrite(str(bad), cv2.cvtColor(read_image(good), cv2.COLOR_BGR2GRAY))


def forty_megapixels(good: Path, bad: Path) -> None:
    cv2.imwrite(str(bad), cv2.resize(read_image(good), (8000, 5000)))


@pytest.mark.parametrize(
    ("spoil", "name"),
    [
        (cut_short, "cut.jpg"),
        (text, "text.png"),
        (sixteen_bits, "deep.png"),
        (grey, "grey.png"),
        (forty_megapixels, "huge.jpg"),
    ],
)
def test_a_bad_image_goes_to_review_and_says_why(
    sample: Path, washer_model: Path, tmp_path: Path, spoil: Spoil, name: str
) -> None:
    spoil(next((sample / "train" / "good").iterdir()), tmp_path / name)
    (inspection,) = json.loads(edgeinspect("inspect", tmp_path, "-m", washer_model, "--json"))
    assert inspection["verdict"] == "review"
    assert inspection["score"] is None
    (reason,) = inspection["reasons"]
    assert reason["code"] in {"frame_unreadable", "frame_unlike_taught"}


def test_bad_images_on_the_line_are_recorded_as_reviews(
    sample: Path, washer_model: Path, tmp_path: Path
) -> None:
    good = next((sample / "train" / "good").iterdir())
    folder = tmp_path / "line"
    folder.mkdir()
    for spoil, name in ((cut_short, "cut.jpg"), (text, "text.png"), (grey, "grey.png")):
        spoil(good, folder / name)
    shutil.copy(good, folder)
    out = tmp_path / "out.json"
    edgeinspect(
        "demo", "-m", washer_model, "--camera", f"folder:{folder}?loop=false",
        "--parts", 4, "--rate", 20, "--exit", "--summary", out,
    )  # fmt: skip
    summary = json.loads(out.read_text(encoding="utf-8"))
    assert (summary["recorded"], summary["review"], summary["holes"]) == (4, 3, 0)
    assert summary["escapes"] is None


@pytest.mark.parametrize("images", [0, 2])
def test_a_folder_with_too_little_is_not_taught(sample: Path, tmp_path: Path, images: int) -> None:
    folder = tmp_path / "few"
    folder.mkdir()
    for path in sorted((sample / "train" / "good").iterdir())[:images]:
        shutil.copy(path, folder)
    sentence = refusal("teach", folder, "-o", tmp_path / "model.onnx")
    assert "images" in sentence
    assert not (tmp_path / "model.onnx").exists()


def test_a_damaged_image_is_named_by_teaching(sample: Path, tmp_path: Path) -> None:
    folder = tmp_path / "good"
    shutil.copytree(sample / "train" / "good", folder)
    cut_short(next(folder.iterdir()), folder / "cut.jpg")
    assert "cut.jpg" in refusal("teach", folder, "-o", tmp_path / "model.onnx")
    assert [path.name for path in tmp_path.iterdir()] == ["good"]


@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.999])
def test_a_model_cut_short_is_refused(washer_model: Path, tmp_path: Path, share: float) -> None:
    content = washer_model.read_bytes()
    path = tmp_path / "cut.onnx"
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(ModelError, match="cut"):
        load_judge(path)


def test_a_model_whose_manifest_was_edited_is_refused(washer_model: Path, tmp_path: Path) -> None:
    import onnx

    model = onnx.load(washer_model)
    (entry,) = (each for each in model.metadata_props if each.key == "edgeinspect.manifest")
    manifest = json.loads(entry.value)
    manifest["threshold"]["value"] *= 2
    entry.value = json.dumps(manifest, separators=(",", ":"))
    path = tmp_path / "edited.onnx"
    onnx.save(model, path)
    sentence = refusal("inspect", path.parent, "-m", path)
    assert "edited.onnx" in sentence


def test_an_unknown_setting_is_named(tmp_path: Path) -> None:
    path = tmp_path / "edgeinspect.toml"
    path.write_text("[station]\ncolor = 'red'\n", encoding="utf-8")
    sentence = refusal("station", "--config", path)
    assert sentence.startswith(f"edgeinspect: {path}: unknown key station.color;")


@pytest.mark.parametrize("command", ["broker", "server"])
def test_a_port_in_use_is_named(tmp_path: Path, broker: object, command: str) -> None:
    port = broker.port  # type: ignore[attr-defined]
    path = tmp_path / "edgeinspect.toml"
    path.write_text(f"[mqtt]\nport = {port}\n[server]\nport = {port}\n", encoding="utf-8")
    assert f"port {port}" in refusal(command, "--config", path, "--data", tmp_path)


def test_a_file_name_that_is_no_utf8_is_inspected_all_the_same(
    sample: Path, washer_model: Path, tmp_path: Path
) -> None:
    good = next((sample / "train" / "good").iterdir())
    folder = tmp_path / "gbk"
    folder.mkdir()
    shutil.copy(good, folder / os.fsdecode("良品.jpg".encode("gbk")))
    (folder / os.fsdecode("坏.jpg".encode("gbk"))).write_bytes(b"rubbish")
    printed = json.loads(edgeinspect("inspect", folder, "-m", washer_model, "--json"))
    assert sorted(each["verdict"] for each in printed) == ["pass", "review"]


@pytest.mark.parametrize(
    "wrong",
    [
        ("-m", "gone.onnx"),
        ("--camera", "folder:/nowhere/at/all"),
        ("--camera", "usb:0"),
        ("--data", "/dev/null/data"),
        ("--summary", "/nowhere/at/all.json"),
    ],
)
def test_the_demo_refuses_at_the_door(washer_model: Path, wrong: tuple[str, str]) -> None:
    sentence = refusal("demo", "-m", washer_model, "--parts", 1, "--exit", *wrong)
    assert wrong[1].partition(":")[0] in sentence


def test_a_path_with_special_characters_is_played_and_recorded(
    sample: Path, washer_model: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "a b#漏"
    shutil.copytree(sample / "test" / "chip", folder / "test" / "chip")
    out = tmp_path / "out.json"
    edgeinspect(
        "demo", "-m", washer_model, "--camera", f"folder:{folder / 'test'}", "--parts", 3,
        "--rate", 20, "--exit", "--summary", out, "--data", folder / "data?1",
    )  # fmt: skip
    assert json.loads(out.read_text(encoding="utf-8"))["recorded"] == 3
    assert (folder / "data?1" / "records.sqlite3").is_file()


def test_teaching_more_from_nothing_new_is_refused(
    sample: Path, washer_model: Path, tmp_path: Path
) -> None:
    new = tmp_path / "new.onnx"
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "empty" in refusal("teach", empty, "--add-to", washer_model, "-o", new)
    sentence = refusal("teach", sample, "--add-to", washer_model, "-o", new)
    assert "taught on all of these images already" in sentence
    assert "nothing was added" in refusal("unteach", washer_model, "-o", new)
    assert not new.exists()


def test_one_more_picture_is_enough_to_teach_more(
    sample: Path, washer_model: Path, tmp_path: Path
) -> None:
    cleared = next((sample / "test" / "good").iterdir())
    shutil.copy(cleared, tmp_path / cleared.name)
    edgeinspect("teach", tmp_path, "--add-to", washer_model, "-o", tmp_path / "more.onnx")
    edgeinspect("unteach", tmp_path / "more.onnx", "-o", tmp_path / "less.onnx")
    (inspection,) = json.loads(
        edgeinspect("inspect", tmp_path / cleared.name, "-m", tmp_path / "more.onnx", "--json")
    )
    assert inspection["verdict"] == "pass"
