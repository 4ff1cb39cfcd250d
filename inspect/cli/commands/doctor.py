"""`edgeinspect doctor`: is everything in place on this box?"""

from dataclasses import asdict

import typer
from rich.markup import escape
from rich.table import Table

from ..checks.check import Check, Health
from ..checks.every import all_checks
from ..options import Config, Data, Json, settings_of
from ..terminal import out, print_json

_COLOURS = {Health.OK: "green", Health.WARN: "yellow", Health.BAD: "red"}


def doctor(config: Config = None, data: Data = None, as_json: Json = False) -> None:
    """Check this box: programs, folder, ports, model, camera; say how to mend what is amiss."""
    checks = all_checks(settings_of(config, data))
    if as_json:
        print_json([asdict(check) for check in checks])
    else:
        out.print(_table(checks))
    if any(check.health is Health.BAD for check in checks):
        raise typer.Exit(1)


def _table(checks: tuple[Check, ...]) -> Table:
    table = Table("check", "", "what was found", title="this box", title_justify="left")
    for check in checks:
        colour = _COLOURS[check.health]
        table.add_row(check.name, f"[{colour}]{check.health}[/{colour}]", escape(check.found))
    return table
