"""`edgeinspect records`: what keeps the records sound."""

from typing import Annotated

import typer

from ...core.counted import counted
from ...core.errors import RecordsError
from ..kept_head import read_head
from ..options import Config, Data, settings_of
from ..recorded import opened
from ..terminal import out, progress
from ..this_user import this_user


def rebuild(config: Config = None, data: Data = None) -> None:
    """Make the counts behind rates and Pareto anew from the records, and say how many were wrong.

    The server may run; what stations send meanwhile waits, and is not lost.
    """
    from ...records.rollups.rebuild import rebuild as rebuild_counts

    with opened(settings_of(config, data)) as database:
        rebuilt = rebuild_counts(database, who=this_user())
    out.print(f"{rebuilt.counts} counts made anew, {rebuilt.wrong} of them were wrong or missing")


def verify(
    config: Config = None,
    data: Data = None,
    head: Annotated[
        str | None,
        typer.Option("--head", help="A head of the audit log kept elsewhere: its file or hash"),
    ] = None,
) -> None:
    """Look for entries and records that were edited or removed, images amiss, wrong counts.

    Ends with exit status 1 when anything was found.
    """
    from ...records.evidence_store import EvidenceStore
    from ...records.verify import size_of
    from ...records.verify import verify as flaws_of

    settings = settings_of(config, data)
    kept = None if head is None else read_head(head)
    found = 0
    with opened(settings) as database, progress("looking") as on_progress:
        evidence = EvidenceStore(settings.evidence)
        for each in flaws_of(database, evidence, on_progress, kept):
            found += 1
            out.print(f"{each.flaw}: {each.what}", markup=False)
        size = size_of(database)
    if found:
        flaws = counted(found, "flaw")
        raise RecordsError(f"the records have {flaws}; a backup may have what is missing.")
    out.print(
        f"the records are whole: {counted(size.inspections, 'inspection')}, "
        f"{counted(size.images, 'image')}, "
        f"{counted(size.entries, 'entry', 'entries')} of the audit log"
    )
