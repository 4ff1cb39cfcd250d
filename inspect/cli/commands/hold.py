"""`edgeinspect records hold`, `release` and `holds`: what no retention may remove."""

from typing import Annotated
from uuid import UUID

import typer

from ...core.errors import RecordsError
from ..options import Config, Data, Json, settings_of
from ..recorded import opened
from ..terminal import out, plain, print_json
from ..this_user import this_user

Inspection = Annotated[UUID, typer.Argument(help="Id of the inspection, as `trace` shows it")]


def hold(
    inspection: Inspection,
    reason: Annotated[str, typer.Option("--reason", help="Why; the audit log keeps it")],
    config: Config = None,
    data: Data = None,
) -> None:
    """Keep an inspection and its images, whatever the retention settings say."""
    from ...records.retention.holds import set_hold

    if not reason.strip():
        raise RecordsError("--reason is empty: say why the inspection is held.")
    with opened(settings_of(config, data)) as database:
        held = set_hold(database, inspection, reason, this_user())
    if held is None:
        raise RecordsError(f"inspection {inspection} is not recorded; check the id.")
    out.print(plain(f"held since {held.at:%Y-%m-%d %H:%M:%S}Z: {held.reason}"), markup=False)


def release(inspection: Inspection, config: Config = None, data: Data = None) -> None:
    """Lift the hold of an inspection."""
    from ...records.retention.holds import lift_hold

    with opened(settings_of(config, data)) as database:
        if lift_hold(database, inspection, this_user()) is None:
            raise RecordsError(f"inspection {inspection} is not held; check the id.")
    out.print("released")


def holds(config: Config = None, data: Data = None, as_json: Json = False) -> None:
    """List the inspections that are held, the oldest hold first."""
    from pydantic import TypeAdapter

    from ...records.retention.holds import Hold
    from ...records.retention.holds import holds as all_holds

    with opened(settings_of(config, data)) as database:
        found = all_holds(database)
    if as_json:
        print_json(TypeAdapter(tuple[Hold, ...]).dump_python(found, mode="json"))
        return
    for each in found:
        line = f"{each.inspection_id}  {each.at:%Y-%m-%d %H:%M:%S}Z  {each.who}  {each.reason}"
        out.print(plain(line), markup=False)
