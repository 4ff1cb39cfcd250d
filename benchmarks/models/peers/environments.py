"""The environments that the peers run in, each with its own packages, pinned."""

import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[3]
FOLDER = HOUSE / ".venv-peers"
REQUIREMENTS = Path(__file__).parent / "requirements"

Pip = Callable[..., None]


def python_of(name: str) -> Path:
    """Return the Python of an environment, which is made first where it is not there yet.

    Raises subprocess.CalledProcessError when pip fails.
    """
    folder = FOLDER / name
    python, done = folder / "bin" / "python", folder / "installed"
    if not done.is_file():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)

        def pip(*what: str) -> None:
            command = [
                str(python),
                "-m",
                "pip",
                "--quiet",
                "--disable-pip-version-check",
                "install",
            ]
            subprocess.run([*command, *what], check=True, cwd=HOUSE, stdout=sys.stderr)

        INSTALL[name](pip)
        done.touch()
    return python


@cache
def installed_mb(name: str) -> float:
    """Return what an environment takes on disk, in MB."""
    files = (path for path in (FOLDER / name).rglob("*") if not path.is_symlink())
    return sum(path.stat().st_blocks * 512 for path in files if path.is_file()) / 1e6


def _own(pip: Pip) -> None:
    pip("--upgrade", "pip", "setuptools")
    pip("--constraint", "constraints.txt", "--no-build-isolation", "--editable", ".[openvino]")


def _with_torch(name: str, *bare: str) -> Callable[[Pip], None]:
    """Install torch first, for its CPU build is found only where it is asked for by itself.

    torchvision, and `bare`, come without what they ask for: its builds ask for CUDA, and
    ultralytics for an OpenCV that needs a desktop.
    """

    def install(pip: Pip) -> None:
        pip("torch==2.13.0")
        pip("--no-deps", "torchvision==0.28.0", *bare)
        pip("torch==2.13.0", "--requirement", str(REQUIREMENTS / f"{name}.txt"))

    return install


INSTALL: dict[str, Callable[[Pip], None]] = {
    "edgeinspect": _own,
    "anomalib": _with_torch("anomalib"),
    "anomavision": _with_torch("anomavision"),
    "ultralytics": _with_torch("ultralytics", "ultralytics==8.4.190"),
}
