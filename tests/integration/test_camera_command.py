"""`edgeinspect camera`, as somebody at a new box uses it."""

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from network_cameras import mjpeg_camera
from processes import edgeinspect, refusal

from edgeinspect.datasets.images import read_image


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    noise = np.random.default_rng(0)
    for number in range(8):
        picture = noise.integers(0, 255, (48, 64, 3), np.uint8)
        cv2.imwrite(str(folder / f"{number}.png"), picture)
    return folder


def test_a_camera_is_watched_for_a_while(free_port: Callable[[], int]) -> None:
    with mjpeg_camera(free_port()) as url:
        trial = json.loads(edgeinspect("camera", "test", url, "--seconds", 2, "--json"))
    assert trial["pictures"] > 5
    assert (trial["sight"]["width"], trial["sight"]["height"]) == (64, 48)
    assert trial["sight"]["focus"] > 100
    assert trial["troubles"] == []


def test_what_goes_wrong_is_told_with_what_came(pictures: Path) -> None:
    url = f"simulated:{pictures}?rate=100&freeze_every=40&freeze_frames=20"
    said = edgeinspect("camera", "test", url, "--seconds", 3)
    assert "64x48 pixels" in said
    assert "could not be judged" in said
    assert "the same picture" in said


def test_pictures_that_cannot_be_judged_are_named(pictures: Path) -> None:
    (pictures / "3.png").write_bytes((pictures / "3.png").read_bytes()[:500])
    (pictures / "notes.jpg").write_text("no picture", encoding="utf-8")
    said = edgeinspect("camera", "test", f"folder:{pictures}?rate=0")
    assert "2 could not be judged" in said
    for name in ("3.png", "notes.jpg"):
        assert f"\n{pictures / name}: " in said


def test_a_snapshot_is_what_the_camera_saw(pictures: Path, tmp_path: Path) -> None:
    output = tmp_path / "seen.png"
    said = edgeinspect("camera", "snapshot", f"folder:{pictures}?rate=0", "-o", output)
    assert "64x48" in said
    assert np.array_equal(read_image(output), read_image(pictures / "0.png"))


def test_a_camera_that_is_not_there_is_a_sentence(
    tmp_path: Path, free_port: Callable[[], int]
) -> None:
    output, away = tmp_path / "seen.png", f"http://u:secret@127.0.0.1:{free_port()}/x"
    sentence = refusal("camera", "snapshot", away, "-o", output)
    assert "hands out no picture" in sentence
    assert "nothing listens at that port; check the port, and that it is on" in sentence
    assert "secret" not in sentence
    assert not output.exists()
    assert "no camera is named" in refusal("camera", "test", "--data", tmp_path)
    assert ".png" in refusal("camera", "snapshot", "usb:0", "-o", tmp_path / "seen.gif")


def test_the_list_is_for_a_program_too() -> None:
    assert isinstance(json.loads(edgeinspect("camera", "list", "--json")), list)
    assert edgeinspect("camera", "list").strip()
