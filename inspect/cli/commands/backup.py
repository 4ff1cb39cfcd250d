"""`edgeinspect backup` and `restore`: what a box keeps, in one file and back."""

import signal
from pathlib import Path
from typing import Annotated

import typer

from ...core.counted import counted
from ...core.errors import RecordsError
from ...settings.load import find_settings
from ..kept_files import kept_files
from ..options import Config, Data, settings_of
from ..recorded import opened, said_once
from ..terminal import err, out, progress
from ..this_user import this_user


def backup(
    output: Annotated[Path, typer.Argument(help="File to write (.tar); it may not exist yet")],
    config: Config = None,
    data: Data = None,
) -> None:
    """Write the records, their images and the settings to one file, while the server runs.

    It holds no password and no private key, and not what a station has yet to deliver.
    """
    from ...records.backup.pack import back_up
    from ...records.evidence_store import EvidenceStore

    _stop_cleanly()
    settings = settings_of(config, data)
    kept, left_out = kept_files(settings, find_settings(config))
    with opened(settings) as database, progress("backing up") as on_progress:
        evidence = EvidenceStore(settings.evidence)
        done = back_up(database, evidence, kept, output, on_progress)
    for sentence in left_out:
        err.print(sentence, markup=False)
    if done.missing:
        err.print(
            f"missing or damaged, and so not in it: {counted(done.missing, 'recorded image')}; "
            "`edgeinspect records verify` names them"
        )
    size_mb = output.stat().st_size / 1e6
    out.print(
        f"{output}: {counted(done.inspections, 'inspection')}, {counted(done.images, 'image')} and "
        f"{counted(len(kept), 'other file')}, {size_mb:.1f} MB",
        markup=False,
    )


def restore(
    archive: Annotated[Path, typer.Argument(help="File that `edgeinspect backup` wrote")],
    leave_out_damaged: Annotated[
        bool,
        typer.Option(
            "--leave-out-damaged",
            help="Restore a damaged backup without its damaged images and settings, and name these",
        ),
    ] = False,
    config: Config = None,
    data: Data = None,
) -> None:
    """Put a backup into a box that has no records yet: all of it, or nothing.

    The database may be of another kind than it was, and is brought up to date. Stations send again
    what they still hold. What `--leave-out-damaged` leaves out is written into the audit log and
    into a file beside the settings, and the exit status is 1; damaged records are refused always.
    """
    from ...records.backup.taking import NOTE
    from ...records.backup.unpack import RESTORED, Place
    from ...records.backup.unpack import restore as restore_all

    if not archive.is_file():
        raise RecordsError(f"{archive}: is no file; name a backup.")
    _stop_cleanly()
    settings = settings_of(config, data)
    if isinstance(settings.evidence, str):
        raise RecordsError(
            "server.evidence_url: images are restored to a folder of this machine alone; leave it "
            "out, restore, copy the folder evidence there, and set it again."
        )
    place = Place(settings.database, settings.data, settings.evidence)
    with said_once(), progress("restoring, MB") as on_progress:
        done = restore_all(archive, place, on_progress, this_user(), in_part=leave_out_damaged)
    out.print(
        f"{counted(done.inspections, 'inspection')} and {counted(done.images, 'image')} restored; "
        "`edgeinspect records verify` looks through them"
    )
    if done.settings:
        files = ", ".join(done.settings)
        out.print(
            f"the settings of that box lie in {settings.data / RESTORED}, not in force: {files}",
            markup=False,
        )
    _say_what_is_left_out(done.left_out, settings.data / RESTORED / NOTE)


def _say_what_is_left_out(left_out: tuple[str, ...], note: Path) -> None:
    for each in left_out:
        err.print(each, markup=False)
    if left_out:
        raise RecordsError(
            f"{counted(len(left_out), 'file')} could not be restored, so this box has not all of "
            f"that backup; {note} keeps their names, should another backup be found."
        )


def _stop_cleanly() -> None:
    # A timer that ends the command shall leave no more behind than Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
