"""`edgeinspect trace`: what happened to a part."""

from typing import Annotated
from urllib.parse import quote

import typer
from rich.table import Column, Table

from ...core.counted import counted
from ...core.inspection import Inspection, View
from ..client import ServerClient
from ..options import Config, Data, Json, settings_of
from ..tables import word
from ..terminal import out, print_json


def trace(
    serial: Annotated[str, typer.Argument(help="Serial of the part, or its part id")],
    config: Config = None,
    data: Data = None,
    port: Annotated[int | None, typer.Option("--port", help="Port of the server")] = None,
    as_json: Json = False,
) -> None:
    """Show every inspection of the part with this serial or part id, the oldest first."""
    server = settings_of(config, data).server
    client = ServerClient(server.host, port or server.port)
    part = client.get(f"/parts/{quote(serial, safe='')}")
    if as_json:
        print_json(part)
    else:
        pictures = f"{client.base}/api/v1/evidence"
        inspections = [Inspection.model_validate(each) for each in part["inspections"]]
        out.print(f"part {serial}, inspected {counted(len(inspections), 'time')}", markup=False)
        for inspection in inspections:
            out.print("", _story(inspection, pictures), sep="\n")


def _story(inspection: Inspection, pictures: str) -> Table:
    """Return one inspection as lines of what and its value; what is not known is left out."""
    context = inspection.context
    lines = {
        "verdict": word(inspection.verdict),
        "score": _score(inspection),
        "why": "; ".join(reason.text for reason in inspection.reasons),
        "views": ", ".join(map(_view, inspection.views)),
        "inspected": f"{inspection.captured_at.astimezone():%Y-%m-%d %H:%M:%S %z}",
        "station": str(inspection.address),
        "step": context.step,
        "machine": context.machine,
        "operator": context.operator,
        "shift": context.shift,
        "lot": context.lot,
        "material lots": ", ".join(context.material_lots),
        "order": context.order,
        "recipe": inspection.recipe and f"{inspection.recipe.name} v{inspection.recipe.version}",
        "model": inspection.model and f"{inspection.model.name} {inspection.model.sha256[:12]}",
        "picture": _links(pictures, "frame", inspection),
        "just before": _links(pictures, "before", inspection),
        "id": str(inspection.id),
    }
    table = Table.grid(Column(), Column(overflow="fold"), padding=(0, 2))
    for what, value in lines.items():
        if value:
            table.add_row(what, value)
    return table


def _view(view: View) -> str:
    return f"{view.station} {'missing' if view.verdict is None else word(view.verdict)}"


def _links(pictures: str, kind: str, inspection: Inspection) -> str:
    kept = (image for image in inspection.evidence if image.kind == kind)
    return "\n".join(f"{pictures}/{image.sha256}" for image in kept)


def _score(inspection: Inspection) -> str | None:
    if inspection.score is None or inspection.threshold is None:
        return None
    return f"{inspection.score:.3g} (limit {inspection.threshold:.3g})"
