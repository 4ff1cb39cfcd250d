"""`edgeinspect records audit` and `records head`: who changed what, and what to keep elsewhere."""

from datetime import UTC
from typing import Annotated

import typer

from ...records.audit.entry import Kind
from ..moments import FORMS, moment
from ..options import Config, Data, Json, settings_of
from ..recorded import opened
from ..terminal import out, plain, print_json


def audit(
    config: Config = None,
    data: Data = None,
    since: Annotated[
        str | None,
        typer.Option("--since", help=f"Only from this time on (UTC): {FORMS}"),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", help="Only before this time (UTC)")
    ] = None,
    what: Annotated[
        list[Kind] | None, typer.Option("--what", help="Only entries of this kind; repeatable")
    ] = None,
    last: Annotated[
        int, typer.Option("--last", min=1, max=1_000_000, help="How many, counted from the newest")
    ] = 50,
    as_json: Json = False,
) -> None:
    """Show who changed what and when, the newest last."""
    from ...records.queries.audit import AuditFilters, entries

    filters = AuditFilters(moment("--since", since, UTC), moment("--until", until, UTC), what or ())
    with opened(settings_of(config, data)) as database:
        found = entries(database, filters, last)[::-1]
    if as_json:
        print_json([each.model_dump(mode="json") for each in found])
        return
    for each in found:
        detail = ", ".join(f"{name} {value}" for name, value in each.detail.items())
        line = f"{each.number:>6}  {each.at:%Y-%m-%d %H:%M:%S}Z  {each.who}  {each.what}  "
        out.print(plain(f"{line}{each.about}  {detail}".rstrip()), markup=False)


def head(config: Config = None, data: Data = None, as_json: Json = False) -> None:
    """Say where the audit log ends, to be kept elsewhere: `records verify --head` asks for it.

    First every record that is not yet in the log is bound into it.
    """
    from ...records.audit.pages import seal_open_pages
    from ...records.queries.audit import head as head_of

    with opened(settings_of(config, data)) as database:
        with database.write() as connection:
            seal_open_pages(connection)
        found = head_of(database)
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        out.print(f"entry {found.number} of {found.at:%Y-%m-%d %H:%M:%S}Z: {found.sha256}")
