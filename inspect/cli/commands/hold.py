"""`edgeinspect records hold`, `release` and `holds`: what no retention may remove."""

from datetime import datetime
from typing import Annotated

import typer

from ...core.counted import counted
from ...core.errors import RecordsError
from ..options import Config, Data, Json, settings_of
from ..recorded import opened
from ..terminal import out, plain, print_json
from ..this_user import this_user

Part = Annotated[
    str, typer.Argument(help="Id of an inspection, or serial or part id: all recorded of the part")
]


def hold(
    part: Part,
    reason: Annotated[str, typer.Option("--reason", help="Why; the audit log keeps it")],
    config: Config = None,
    data: Data = None,
) -> None:
    """Keep inspections and their images, whatever the retention settings say."""
    from ...records.retention.holds import hold_part

    if not reason.strip():
        raise RecordsError("--reason is empty: say why the inspection is held.")
    with opened(settings_of(config, data)) as database:
        held = hold_part(database, part, reason, this_user())
    if not held.new and not held.earlier:
        raise RecordsError(f"{part} is not recorded; check the id or serial.")
    if held.new:
        first = held.new[0]
        number = counted(len(held.new), "inspection")
        out.print(plain(f"{number} held since {_time(first.at)}: {first.reason}"), markup=False)
    for each in held.earlier:
        out.print(
            plain(
                f"{each.inspection_id} was held before, since {_time(each.at)} by {each.who}: "
                f"{each.reason}; that reason stays, {reason!r} is not kept (`release` it first)"
            ),
            markup=False,
        )


def release(part: Part, config: Config = None, data: Data = None) -> None:
    """Lift the hold of an inspection, or all of a part."""
    from ...records.retention.holds import release_part

    with opened(settings_of(config, data)) as database:
        lifted = release_part(database, part, this_user())
    if not lifted:
        raise RecordsError(f"{part} is not held; check the id or serial.")
    out.print(f"{counted(len(lifted), 'inspection')} released")


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}Z"


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
        line = f"{each.inspection_id}  {_time(each.at)}  {each.who}  {each.reason}"
        out.print(plain(line), markup=False)
