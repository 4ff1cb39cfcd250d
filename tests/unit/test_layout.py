"""Keep `inspect/` importable as `edgeinspect`, and the standard `inspect` intact."""

import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "inspect"
TOOL = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
FOLDERS = {
    path.parent.relative_to(SOURCE)
    for path in SOURCE.glob("*/**/*.py")
    if "node_modules" not in path.parts
}
RUNTIME = """
import importlib, pkgutil, sys, edgeinspect
for module in pkgutil.walk_packages(edgeinspect.__path__, "edgeinspect."):
    if module.name != "edgeinspect.records.migrations.env":  # only Alembic can run it
        importlib.import_module(module.name)
print(sorted({name.split(".")[0] for name in sys.modules} & {"torch", "ultralytics"}))
"""


def _run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def test_inspect_folder_has_no_init() -> None:
    assert not (SOURCE / "__init__.py").exists(), (
        "delete inspect/__init__.py: it shadows the standard library's inspect"
    )


def test_standard_inspect_wins_from_the_root() -> None:
    found = _run("import inspect; print(inspect.__file__)")
    assert Path(found) == Path(sysconfig.get_path("stdlib")) / "inspect.py"


def test_every_folder_is_a_listed_package() -> None:
    assert all((SOURCE / folder / "__init__.py").exists() for folder in FOLDERS)
    names = {".".join(["edgeinspect", *folder.parts]) for folder in FOLDERS}
    assert set(TOOL["setuptools"]["packages"]) == names | {"edgeinspect"}


def test_every_top_level_package_has_a_layer() -> None:
    tops = {f"edgeinspect.{folder.parts[0]}" for folder in FOLDERS}
    assert set(TOOL["importlinter"]["root_packages"]) == tops
    layers = " ".join(TOOL["importlinter"]["contracts"][0]["layers"])
    assert tops == set(layers.replace("|", " ").split())


def test_typings_link_points_at_the_source() -> None:
    assert (ROOT / "typings" / "edgeinspect").resolve() == SOURCE


def test_importing_the_whole_runtime_needs_neither_torch_nor_ultralytics() -> None:
    assert _run(RUNTIME) == "[]"
