"""`edgeinspect trace`: what happened to a part."""

from collections.abc import Iterable
from typing import Annotated
from urllib.parse import quote

import typer
from rich.table import Table

from ...core.inspection import Inspection
from ..client import ServerClient
from ..options import Config, Data, Json, settings_of
from ..terminal import out, print_json


def trace(
    serial: Annotated[str, typer.Argument(help="Serial of the part")],
    config: Config = None,
    data: Data = None,
    port: Annotated[int | None, typer.Option("--port", help="Port of the server")] = None,
    as_json: Json = False,
) -> None:
    """Show every inspection of the part with this serial, the oldest first."""
    server = settings_of(config, data).server
    client = ServerClient(server.host, port or server.port)
    part = client.get(f"/parts/{quote(serial, safe='')}")
    if as_json:
        print_json(part)
    else:
        out.print(_table(serial, map(Inspection.model_validate, part["inspections"])))


def _table(serial: str, inspections: Iterable[Inspection]) -> Table:
    columns = ("inspected (UTC)", "verdict", "station", "step", "machine", "operator", "material",
               "recipe", "model", "why")  # fmt: skip
    table = Table(*columns, title=f"part {serial}", title_justify="left")
    for inspection in inspections:
        context = inspection.context
        table.add_row(
            f"{inspection.captured_at:%Y-%m-%d %H:%M:%S}",
            inspection.verdict.upper(),
            str(inspection.address),
            context.step or "-",
            context.machine or "-",
            context.operator or "-",
            ", ".join(context.material_lots) or "-",
            f"{inspection.recipe.name} v{inspection.recipe.version}" if inspection.recipe else "-",
            f"{inspection.model.name} v{inspection.model.version}" if inspection.model else "-",
            "; ".join(reason.text for reason in inspection.reasons) or "-",
        )
    return table
