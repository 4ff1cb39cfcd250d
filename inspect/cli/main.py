"""The command `edgeinspect`."""

import os
import sys
from typing import Annotated

import typer

from ..core.errors import EdgeInspectError
from ..core.version import VERSION
from .commands import (
    audit_log,
    backup,
    config,
    dataset,
    demo,
    doctor,
    finetune,
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
)
from .terminal import err, out, plain

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
app.command()(model.teach)
app.command()(model.unteach)
app.command()(finetune.finetune)
app.command()(model.inspect)
app.command()(measure.evaluate)
app.command()(measure.threshold)
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
record_keeping.app.command("quarantine")(quarantine.quarantine)
record_keeping.app.command("retry")(quarantine.retry)
record_keeping.app.command("dismiss")(quarantine.dismiss)
app.add_typer(dataset.app, name="dataset", help="Make and look at data sets.")

_DEBUG = "EDGEINSPECT_DEBUG"
INTERRUPTED = 130
"""Exit status after Ctrl-C, which the command line library turns into an exit by itself."""


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
        os.environ[_DEBUG] = "1"


def main() -> None:
    """Run the command line; an error is one sentence, and a traceback only with --debug."""
    if sys.platform == "win32":
        sys.exit("edgeinspect: Windows is not supported; use Linux.")
    try:
        app()
    except EdgeInspectError as error:
        _fail(str(error), error)
    except SystemExit as done:
        if done.code == INTERRUPTED:
            err.print("\nstopped.")
        raise
    except Exception as error:  # noqa: BLE001 - the last door before a traceback
        _fail(
            f"unexpected {type(error).__name__}: {error}; `edgeinspect --debug` says more.", error
        )


def _fail(sentence: str, error: Exception) -> None:
    if os.environ.get(_DEBUG):
        raise error
    err.print(f"edgeinspect: {plain(sentence)}", markup=False)
    sys.exit(1)


if __name__ == "__main__":
    main()
