"""`edgeinspect records`: what keeps the records sound."""

import typer

from ...core.errors import RecordsError
from ..options import Config, Data, settings_of
from ..recorded import opened
from ..terminal import out, progress

app = typer.Typer(no_args_is_help=True)


@app.command()
def rebuild(config: Config = None, data: Data = None) -> None:
    """Make the counts behind rates and Pareto anew from the records, and say how many were wrong.

    The server may run; what stations send meanwhile waits, and is not lost.
    """
    from ...records.rollups.rebuild import rebuild as rebuild_counts

    with opened(settings_of(config, data)) as database:
        rebuilt = rebuild_counts(database)
    out.print(f"{rebuilt.counts} counts made anew, {rebuilt.wrong} of them were wrong or missing")


@app.command()
def verify(config: Config = None, data: Data = None) -> None:
    """Look for records that were edited or removed, missing and orphaned images, wrong counts.

    Ends with exit status 1 when anything was found.
    """
    from ...records.evidence_store import EvidenceStore
    from ...records.verify import verify as flaws_of

    settings = settings_of(config, data)
    found = 0
    with opened(settings) as database, progress("looking") as on_progress:
        evidence = EvidenceStore(settings.evidence_folder)
        for each in flaws_of(database, evidence, on_progress):
            found += 1
            out.print(f"{each.flaw}: {each.what}", markup=False)
    if found:
        raise RecordsError(f"the records have {found} flaw(s); a backup may have what is missing.")
    out.print("the records are whole")
