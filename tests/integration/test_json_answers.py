"""What a command prints with --json has the keys its reference names."""

import json
from pathlib import Path
from typing import Any

import pytest
from processes import edgeinspect

from edgeinspect.cli.reference import JSON_ANSWERS, keys_of


@pytest.fixture
def arguments(sample: Path, washer_model: Path, tmp_path: Path) -> dict[str, list[object]]:
    """What each command is asked; those that need a running line are asked elsewhere."""
    model: list[object] = ["-m", washer_model]
    return {
        "bench": [*model, "--runs", 10],
        "camera test": [f"folder:{sample / 'test' / 'dent'}?rate=20", "--seconds", 1],
        "config check": ["--data", tmp_path],
        "config show": ["--data", tmp_path],
        "evaluate": [sample, *model],
        "inspect": [sample / "test" / "dent", *model],
        "teach": [sample, "-o", tmp_path / "taught.onnx"],
    }


@pytest.mark.parametrize(
    ("command", "more"),
    [
        ("bench", ()),
        ("camera test", ()),
        ("config check", ("ok", "source")),
        ("config show", ()),
        ("evaluate", ()),
        ("inspect", ()),
        ("teach", ("taught_s",)),
    ],
)
def test_the_keys_are_those_of_the_reference(
    arguments: dict[str, list[object]], command: str, more: tuple[str, ...]
) -> None:
    answer: Any = json.loads(edgeinspect(*command.split(), *arguments[command], "--json"))
    kind = JSON_ANSWERS[command][1]
    documented = {*(keys_of(kind) if kind is not None else ()), *more}
    if command == "config show":  # of a box with one station
        documented.discard("stations")
    assert set(answer[0] if isinstance(answer, list) else answer) == documented
