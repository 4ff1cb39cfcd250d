"""`edgeinspect records export`: records for other programs."""

from pathlib import Path
from typing import Annotated

import typer

from ...core.verdict import Purpose, Verdict
from ...records.export.columns import Rows
from ..moments import FORMS, moment
from ..options import Config, Data, settings_of
from ..recorded import opened
from ..terminal import out, progress


def export(
    output: Annotated[Path, typer.Argument(help="New file, .csv or .parquet")],
    rows: Annotated[Rows, typer.Option(help="What a row is")] = Rows.INSPECTIONS,
    since: Annotated[
        str | None,
        typer.Option(help=f"Captured at this time or later: {FORMS}"),
    ] = None,
    until: Annotated[str | None, typer.Option(help="Captured before this time")] = None,
    site: Annotated[str | None, typer.Option(help="Only this site")] = None,
    line: Annotated[str | None, typer.Option(help="Only this line")] = None,
    station: Annotated[str | None, typer.Option(help="Only this station")] = None,
    verdict: Annotated[Verdict | None, typer.Option(help="Only this verdict")] = None,
    class_name: Annotated[
        str | None, typer.Option("--class", help="With a finding of this class")
    ] = None,
    serial: Annotated[str | None, typer.Option(help="Of the part with this serial")] = None,
    lot: Annotated[str | None, typer.Option(help="Of this lot")] = None,
    purpose: Annotated[Purpose | None, typer.Option(help="Only this purpose")] = None,
    excel: Annotated[bool, typer.Option("--excel", help="Let Excel know the CSV is UTF-8")] = False,
    config: Config = None,
    data: Data = None,
) -> None:
    """Write records to a CSV or Parquet file, the oldest first, while the server runs.

    A time without an offset is this machine's. Parquet needs the extra `parquet`.
    """
    from ...records.export.export import export as write
    from ...records.queries.inspections import Filters
    from ...records.queries.scope import Scope

    filters = Filters(
        scope=Scope(site, line, station),
        since=moment("--since", since),
        until=moment("--until", until),
        verdict=verdict,
        class_name=class_name,
        serial=serial,
        lot=lot,
        purpose=purpose,
    )
    with opened(settings_of(config, data)) as database, progress("exporting") as on_progress:
        written = write(database, filters, rows, output, excel, on_progress)
    out.print(f"{output}: {written} {rows}", markup=False)
