"""The command `edgeinspect` and all that belong to it."""

import os
from typing import Annotated

import typer

from ..core.version import VERSION
from .commands import (
    ask,
    audit_log,
    backup,
    calibrate,
    camera,
    config,
    dataset,
    demo,
    doctor,
    finetune,
    gate,
    gauge,
    hold,
    measure,
    model,
    model_file,
    model_import,
    quantize,
    quarantine,
    record_export,
    record_keeping,
    records,
    services,
    stations,
)
from .main import DEBUG
from .terminal import out

app = typer.Typer(
    name="edgeinspect",
    help="Visual quality inspection: camera, model, verdict, record, screen.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command()(demo.demo)
app.command()(services.up)
app.command()(services.station)
app.command()(services.server)
app.command()(services.broker)
app.command()(ask.ask)
app.command()(model.teach)
app.command()(model.unteach)
app.command()(finetune.finetune)
app.command()(model.inspect)
app.command()(measure.evaluate)
app.command()(measure.threshold)
app.command()(gauge.gauge)
app.command()(model.bench)
app.command()(quantize.quantize)
app.command()(records.trace)
app.command()(backup.backup)
app.command()(backup.restore)
app.command()(doctor.doctor)
app.add_typer(config.app, name="config", help="Check and show the settings.")
app.add_typer(model_file.app, name="model", help="Look at, compare, check and sign model files.")
model_file.app.command("import")(model_import.import_model)
app.add_typer(record_keeping.app, name="records", help="Keep the records sound, and export them.")
record_keeping.app.command()(audit_log.audit)
record_keeping.app.command()(audit_log.head)
record_keeping.app.command()(hold.hold)
record_keeping.app.command()(hold.release)
record_keeping.app.command()(hold.holds)
record_keeping.app.command()(record_export.export)
record_keeping.app.command()(stations.stations)
record_keeping.app.command()(stations.forget_station)
record_keeping.app.command("quarantine")(quarantine.quarantine)
record_keeping.app.command("retry")(quarantine.retry)
record_keeping.app.command("dismiss")(quarantine.dismiss)
app.add_typer(camera.app, name="camera", help="Find cameras, try one, and calibrate it.")
camera.app.command()(calibrate.focus)
camera.app.command()(calibrate.target)
camera.app.command()(calibrate.calibrate)
app.add_typer(gate.app, name="gate", help="Try the gate behind the camera.")
app.add_typer(dataset.app, name="dataset", help="Make and look at data sets.")


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
