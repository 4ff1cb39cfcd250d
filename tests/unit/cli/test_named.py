"""A command waits for no library that only others need."""

import subprocess
import sys

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from edgeinspect.cli.app import COMMANDS, app
from edgeinspect.cli.named import Group, Named

HEAVY = {"alembic", "cv2", "fastapi", "httpx", "onnx", "onnxruntime", "sqlalchemy"}
WITH_COMMAND = """
import sys
from typer.main import get_command
from edgeinspect.cli.app import app
commands = get_command(app).commands
for word in sys.argv[1:]:
    commands = commands[word].commands if word != sys.argv[-1] else commands[word]
print(*sorted({name.split(".")[0] for name in sys.modules}))
"""


def loaded_for(*words: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", WITH_COMMAND, *words], check=True, capture_output=True, text=True
    )
    return set(done.stdout.split()) & HEAVY


@pytest.mark.parametrize(
    "words", [(), ("broker",), ("up",), ("server",), ("ask",), ("config", "show"), ("gate", "test")]
)
def test_a_command_loads_nothing_heavy_before_it_runs(words: tuple[str, ...]) -> None:
    assert loaded_for(*words) == set()


def test_what_is_loaded_is_seen() -> None:
    assert "cv2" in loaded_for("demo")


def test_every_command_can_be_imported_and_says_what_it_does() -> None:
    door = get_command(app)
    assert isinstance(door, TyperGroup)
    for name, command in door.commands.items():
        assert isinstance(command, TyperGroup) == isinstance(COMMANDS[name], Group)
        named = command.commands if isinstance(command, TyperGroup) else {name: command}
        assert all(each.help and each.name == own for own, each in named.items())


def test_what_is_no_command_is_none() -> None:
    assert Named(COMMANDS).get("no-such") is None
