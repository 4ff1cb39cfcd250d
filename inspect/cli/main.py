"""The command `edgeinspect`."""

import os
import sys
from typing import Annotated

import typer

from ..core.errors import EdgeInspectError
from ..core.version import VERSION
from .commands import config, dataset, demo, doctor, model, model_file, records, services
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
app.command()(model.inspect)
app.command()(model.evaluate)
app.command()(model.bench)
app.command()(records.trace)
app.command()(doctor.doctor)
app.add_typer(config.app, name="config", help="Check and show the settings.")
app.add_typer(model_file.app, name="model", help="Look at, compare, check and sign model files.")
app.add_typer(dataset.app, name="dataset", help="Make and look at data sets.")

_DEBUG = "EDGEINSPECT_DEBUG"


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
    except KeyboardInterrupt:
        err.print("\nstopped.")
        sys.exit(130)
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
