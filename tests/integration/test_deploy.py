"""The settings, units and containers that `deploy/` ships can be used as they are."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from required import missing

from edgeinspect.settings.load import load_settings

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))


def test_the_example_settings_can_be_used() -> None:
    example = DEPLOY / "edgeinspect.toml"
    command = [sys.executable, "-m", "edgeinspect.cli.main", "config", "check"]
    done = subprocess.run([*command, "--config", str(example)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert load_settings(example, {}).address.station == "station-1"


def test_systemd_understands_every_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        missing("install systemd: apt-get install systemd")
    for unit in UNITS:  # the program is not in its place on this machine
        text = unit.read_text(encoding="utf-8")
        (tmp_path / unit.name).write_text(
            text.replace("/opt/edgeinspect/bin/edgeinspect", sys.executable), encoding="utf-8"
        )
    units = [str(tmp_path / unit.name) for unit in UNITS]
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)
    newer = re.compile(r"Unknown key '(RestartSteps|RestartMaxDelaySec)'")
    said = [line for line in done.stderr.splitlines() if not newer.search(line)]
    assert (done.returncode, said) == (0, [])


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_every_unit_is_confined(unit: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        missing("install systemd: apt-get install systemd")
    rating = ["systemd-analyze", "security", "--offline=yes", "--threshold=20", str(unit)]
    done = subprocess.run(rating, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_containers_are_published_on_loopback_alone() -> None:
    ports = [port for service in COMPOSE["services"].values() for port in service["ports"]]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_containers_have_no_password_of_their_own() -> None:
    password = COMPOSE["services"]["postgres"]["environment"]["POSTGRES_PASSWORD"]
    assert password.startswith("${POSTGRES_PASSWORD:?")


def test_the_containers_keep_what_they_are_given() -> None:
    for service in COMPOSE["services"].values():
        sources = [volume.split(":")[0] for volume in service["volumes"]]
        assert [source for source in sources if source in COMPOSE["volumes"]]
        assert all((DEPLOY / source).is_file() for source in sources if source.startswith("."))
        assert service["healthcheck"]["test"]
