"""The command `edgeinspect` and all that belong to it."""

import os
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from ..core.version import VERSION
from .main import DEBUG
from .named import Group, Named
from .terminal import out

COMMANDS = {
    "demo": "demo:demo",
    "up": "services:up",
    "station": "services:station",
    "server": "services:server",
    "broker": "services:broker",
    "ask": "ask:ask",
    "teach": "model:teach",
    "unteach": "model:unteach",
    "finetune": "finetune:finetune",
    "inspect": "model:inspect",
    "evaluate": "measure:evaluate",
    "threshold": "measure:threshold",
    "gauge": "gauge:gauge",
    "bench": "model:bench",
    "quantize": "quantize:quantize",
    "trace": "records:trace",
    "backup": "backup:backup",
    "restore": "backup:restore",
    "doctor": "doctor:doctor",
    "config": Group(
        "Check and show the settings.", {"check": "config:check", "show": "config:show"}
    ),
    "model": Group(
        "Look at, compare, check and sign model files.",
        {
            "keygen": "model_keys:keygen",
            "sign": "model_keys:sign",
            "show": "model_file:show",
            "verify": "model_file:verify",
            "diff": "model_file:diff",
            "import": "model_import:import_model",
        },
    ),
    "records": Group(
        "Keep the records sound, and export them.",
        {
            "rebuild": "record_keeping:rebuild",
            "verify": "record_keeping:verify",
            "audit": "audit_log:audit",
            "head": "audit_log:head",
            "hold": "hold:hold",
            "release": "hold:release",
            "holds": "hold:holds",
            "export": "record_export:export",
            "stations": "stations:stations",
            "forget-station": "stations:forget_station",
            "quarantine": "quarantine:quarantine",
            "retry": "quarantine:retry",
            "dismiss": "quarantine:dismiss",
        },
    ),
    "camera": Group(
        "Find cameras, try one, and calibrate it.",
        {
            "list": "camera:list_cameras",
            "test": "camera:test",
            "snapshot": "camera:snapshot",
            "focus": "calibrate:focus",
            "target": "calibrate:target",
            "calibrate": "calibrate:calibrate",
        },
    ),
    "gate": Group(
        "Try the gate behind the camera.",
        {"test": "gate:test", "certificate": "gate:certificate"},
    ),
    "dataset": Group("Make and look at data sets.", {"sample": "dataset:sample"}),
}


class _Door(TyperGroup):
    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands = Named(COMMANDS)


app = typer.Typer(
    name="edgeinspect",
    cls=_Door,
    help="Visual quality inspection: camera, model, verdict, record, screen.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        out.print(f"edgeinspect {VERSION}")
        raise typer.Exit


@app.callback()
def _options(
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show version")
    ] = False,
) -> None:
    del version
    if debug:
        os.environ[DEBUG] = "1"
