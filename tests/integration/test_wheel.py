"""A wheel from a clean clone holds the whole product."""

import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def contents(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of all files in the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    clone = folder / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", str(folder), str(clone)], check=True, timeout=150)
    (wheel,) = folder.glob("edgeinspect-*.whl")
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_page_is_in_it(contents: set[str]) -> None:
    assert "edgeinspect/api/static/index.html" in contents
    assert any(name.startswith("edgeinspect/api/static/assets/") for name in contents)
    assert not any("dashboard" in name or "node_modules" in name for name in contents)


def test_every_module_of_the_source_is_in_it(contents: set[str]) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "inspect/*.py"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    assert {name.replace("inspect/", "edgeinspect/", 1) for name in tracked} <= contents


def test_the_backbone_and_the_licences_are_in_it(contents: set[str]) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    licences = f"edgeinspect-{version}.dist-info/licenses"
    assert {
        "edgeinspect/models/backbone/efficientnet_lite0_t14.onnx",
        "edgeinspect/py.typed",
        f"{licences}/LICENSE",
        f"{licences}/NOTICE",
    } <= contents
