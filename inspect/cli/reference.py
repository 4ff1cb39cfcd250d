"""Describes every command for people, from what the command line says of itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter
from typer.core import TyperGroup
from typer.main import get_command

from ..api.schemas.inspections import PartHistory
from ..api.schemas.quarantine import Quarantine
from ..camera.trial import Trial
from ..camera.usb_devices import UsbDevice
from ..core.audit import AuditEntry, AuditHead
from ..core.calibration import Calibration
from ..core.inspection import Inspection
from ..core.manifest import ModelManifest
from ..core.reply import Done
from ..models.bench import Bench
from ..models.describe import ModelOutline
from ..models.diff import ModelDiff
from ..models.evaluate.choose import Choices
from ..models.evaluate.measures import Evaluation
from ..models.finetune.asked import Finetuned
from ..models.signature import Signature
from ..models.verify import Verified
from ..records.retention.holds import Hold
from ..settings.tree import Settings
from ..station.gate.by_hand import Moved
from .app import app
from .checks.check import Check
from .demo.summary import Summary
from .gauge_lines import TriedGauges

JSON_ANSWERS: dict[str, tuple[str, Any]] = {
    "ask": ("the [reply](../schema/reply.json), the picture's bytes left out", Done),
    "bench": ("one object", Bench),
    "camera calibrate": ("one object, what is in the file", Calibration),
    "camera list": (
        "a list, an object for each camera; a network camera has `ip`, `name`, `hardware` and "
        "`service`, any other its `address` and, where it is a USB camera",
        list[UsbDevice],
    ),
    "camera test": ("one object", Trial),
    "config check": ("one object with `ok`, which is true, and `source`, the file", None),
    "config show": (
        "one object, the settings in force; `station`, or `stations` where a box has several",
        Settings,
    ),
    "demo": ("with `--summary FILE`, one object in that file", Summary),
    "doctor": ("a list, an object for each check", list[Check]),
    "evaluate": (
        "one object; with several models one with `models`, a list of such, and `comparisons`",
        Evaluation,
    ),
    "finetune": ("one object", Finetuned),
    "gate test": ("one object", Moved),
    "gauge": ("one object", TriedGauges),
    "inspect": ("a list of [Inspections](../schema/inspection.json)", list[Inspection]),
    "model diff": ("one object", ModelDiff),
    "model show": ("one object", ModelOutline),
    "model sign": ("one object, the signature", Signature),
    "model verify": ("one object", Verified),
    "model import": ("the [manifest](../schema/model-manifest.json)", ModelManifest),
    "records audit": ("a list, an object for each entry", list[AuditEntry]),
    "records head": ("the [head](../schema/audit-head.json)", AuditHead),
    "records holds": ("a list, an object for each hold", list[Hold]),
    "quantize": ("the [manifest](../schema/model-manifest.json)", ModelManifest),
    "records quarantine": ("one object", Quarantine),
    "teach": (
        "the [manifest](../schema/model-manifest.json), and `taught_s`, the seconds it took",
        ModelManifest,
    ),
    "threshold": ("one object", Choices),
    "trace": ("one object", PartHistory),
    "unteach": (
        "the [manifest](../schema/model-manifest.json), and `taught_s`, the seconds it took",
        ModelManifest,
    ),
}
"""What a program reads from each command: a sentence, and the type whose keys are stable."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option or argument: how it is written, and what it means."""

    names: tuple[str, ...]
    meaning: str


@dataclass(frozen=True, slots=True)
class Command:
    """One command, by its words after `edgeinspect`."""

    words: str
    meaning: str
    options: tuple[Option, ...]


def commands() -> tuple[Command, ...]:
    """Return every command a person may give, in the order `edgeinspect --help` has them."""
    return tuple(_commands(get_command(app), ""))


def markdown() -> str:
    """Return the reference of every command as Markdown."""
    return "\n\n".join(_command_markdown(command) for command in commands())


def _commands(group: Any, words: str) -> Iterator[Command]:
    for name, command in group.commands.items():
        own = f"{words} {name}".strip()
        if isinstance(command, TyperGroup):
            yield from _commands(command, own)
        elif not command.hidden:
            options = tuple(_option(each) for each in command.params if not each.hidden)
            yield Command(own, command.help or "", options)


def _option(param: Any) -> Option:
    if param.param_type_name == "argument":
        return Option((param.name.upper(),), param.help)
    notes = "; ".join(_notes(param))
    return Option(tuple(param.opts), f"{param.help} ({notes})" if notes else param.help)


def _notes(param: Any) -> Iterator[str]:
    if param.required:
        yield "required"
    bounds = (("from", param.min), ("to", param.max))
    if any(value is not None for _, value in bounds):
        yield " ".join(f"{word} {value:g}" for word, value in bounds if value is not None)
    if not param.is_flag and param.default is not None:
        yield f"default {param.default}"


def _command_markdown(command: Command) -> str:
    lines = [f"## `edgeinspect {command.words}`", "", command.meaning]
    if command.options:
        lines += ["", "| option | meaning |", "|---|---|"]
        for option in command.options:
            names = ", ".join(f"`{name}`" for name in option.names)
            lines.append(f"| {names} | {option.meaning} |")
    if command.words in JSON_ANSWERS:
        lines += ["", _answer_markdown(*JSON_ANSWERS[command.words])]
    return "\n".join(lines)


def _answer_markdown(sentence: str, kind: Any) -> str:
    if kind is None:
        return f"JSON: {sentence}."
    keys = ", ".join(f"`{key}`" for key in keys_of(kind))
    return f"JSON: {sentence}. Keys: {keys}."


def keys_of(kind: Any) -> tuple[str, ...]:
    """Return the keys of an object of `kind`, or of the objects in a list of that kind."""
    schema = TypeAdapter(kind).json_schema(mode="serialization")
    named = schema.get("$defs", {})
    schema = schema.get("items", schema)
    if "$ref" in schema:
        schema = named[schema["$ref"].rsplit("/", 1)[-1]]
    return tuple(schema["properties"])
