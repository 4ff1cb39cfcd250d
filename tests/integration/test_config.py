"""`edgeinspect config` and `doctor`, as a person runs them."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from processes import edgeinspect, refusal, settings_file


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "edgeinspect.toml"
    path.write_text(
        '[site]\nname = "plant-2"\n[mqtt]\nusername = "camera-1"\npassword = "hush"\n'
        '[station.context]\nmaterial_lots = ["a", "b"]\n',
        encoding="utf-8",
    )
    return path


def test_what_is_shown_is_a_settings_file(config: Path, tmp_path: Path) -> None:
    shown = edgeinspect("config", "show", "--config", config)
    assert "hush" not in shown
    again = tmp_path / "again.toml"
    again.write_text(shown, encoding="utf-8")
    first = json.loads(edgeinspect("config", "show", "--json", "--config", config))
    second = json.loads(edgeinspect("config", "show", "--json", "--config", again))
    del first["mqtt"]["password"], second["mqtt"]["password"]
    assert first == second
    assert first["station"]["context"]["material_lots"] == ["a", "b"]


SEVERAL = """
[stations.top]
camera = "folder:/images"
[stations."side.b"]
camera = "rtsp://127.0.0.1:9/stream1"
[stations.verdict]
camera = "views:top,side.b"
actuator = "gpio:17"
"""


def test_several_stations_are_shown_checked_and_looked_at_each(tmp_path: Path) -> None:
    config, again = settings_file(tmp_path, SEVERAL), tmp_path / "again.toml"
    again.write_text(edgeinspect("config", "show", "--config", config), encoding="utf-8")
    first = json.loads(edgeinspect("config", "show", "--json", "--config", config))
    assert first == json.loads(edgeinspect("config", "show", "--json", "--config", again))
    assert (list(first["stations"]), "station" in first) == (["top", "side.b", "verdict"], False)
    assert "set delay_ms in its [gate]" in refusal("config", "check", "--config", again)
    with pytest.raises(subprocess.CalledProcessError) as caught:
        edgeinspect("doctor", "--config", config, "--data", tmp_path / "data")
    said = " ".join(str(caught.value.stdout).replace("│", " ").split())
    assert "joins top, side.b within 2000 ms" in said
    assert "set delay_ms in its [gate]" in said
    again.write_text(SEVERAL.replace("views:top,side.b", "views:top,back"), encoding="utf-8")
    with pytest.raises(subprocess.CalledProcessError) as caught:
        edgeinspect("doctor", "--config", again, "--data", tmp_path / "data", "--json")
    looked = {each["name"]: each for each in json.loads(caught.value.stdout)}["verdict: views"]
    assert looked["health"] == "warn"
    assert "; back must be on another box" in looked["found"]
    assert "name one of top, side.b, verdict" in refusal("station", "--config", config)


def test_good_settings_are_said_to_be(config: Path) -> None:
    assert edgeinspect("config", "check", "--config", config).strip() == (
        f"{config}: the settings can be used"
    )


def test_a_recipe_that_cannot_be_used_is_found(config: Path) -> None:
    text = config.read_text(encoding="utf-8")
    config.write_text(f'{text}[station]\nrecipe = "gone.toml"\n', encoding="utf-8")
    assert "gone.toml" in refusal("config", "check", "--config", config)


def test_the_doctor_names_what_is_amiss(config: Path, tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError) as caught:
        edgeinspect("doctor", "--config", config, "--data", tmp_path / "data", "--json")
    checks = {each["name"]: each for each in json.loads(caught.value.stdout)}
    assert checks["data folder"]["health"] == "ok"
    assert checks["model"]["health"] == "bad"
    assert "station.model" in checks["model"]["found"]


def test_the_doctor_warns_of_what_does_not_run_yet(
    tmp_path: Path, free_port: Callable[[], int]
) -> None:
    ports = f"[mqtt]\nport = {free_port()}\n[server]\nport = {free_port()}\n"
    recipe = tmp_path / "gate.toml"
    recipe.write_text("[gate]\ndelay_ms = 900\nrests = 'closed'\n", encoding="utf-8")
    joining = f"camera = 'views:a,b'\nactuator = 'mqtt:'\nrecipe = '{recipe}'\n"
    config = settings_file(tmp_path, f"{ports}[station]\n{joining}")
    said = edgeinspect("doctor", "--config", config, "--data", tmp_path / "data", "--json")
    checks = {each["name"]: each for each in json.loads(said)}
    assert checks["gate"]["health"] == "warn"
    assert "cannot be reached" in checks["gate"]["found"]
    assert checks["broker"]["health"] == checks["server"]["health"] == "warn"
    assert checks["broker"]["found"].endswith("; start it with `edgeinspect up`")
    assert checks["server"]["found"].endswith("or correct server.port")
