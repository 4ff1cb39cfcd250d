"""Takes a backup apart and puts each file of it into its place, none of them in force yet."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import Connection
from sqlalchemy.exc import DataError, IntegrityError

from ...core.errors import RecordsError
from ...core.identity import digest
from ..database import sentence
from ..evidence_folder import place_in
from ..evidence_store import EvidenceError, check_evidence
from ..migrate import known_revisions
from ..tables import InspectionRow
from .archive import ArchiveReader, Entry
from .chunks import unpack
from .forms import FORMAT, HEADER, Header
from .images import kept_images
from .target import Target, check_revision

NOTE = "_not-restored.txt"
"""The file, beside the settings, that says what was not restored; no setting is called so."""
NOTE_BEGINS = "Restored in part from {name}. Not restored, because it was damaged or missing there:"


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of a backup; `settings` are the files that now lie in the folder `restored`.

    `left_out` says in a sentence of each file that it was not restored; there is none where the
    backup had to be whole.
    """

    inspections: int
    images: int
    settings: tuple[str, ...]
    left_out: tuple[str, ...] = ()


class Taking:
    """One backup that is being restored, file by file, each to its place."""

    def __init__(
        self,
        reader: ArchiveReader,
        name: str,
        connection: Connection,
        images: Path,
        settings: Path,
    ) -> None:
        self._reader = reader
        self._name = name
        self._connection = connection
        self._image_folder = images
        self._settings_folder = settings
        self._images = 0
        self._settings: set[str] = set()
        self._rows: Counter[str] = Counter()

    def run(self, on_file: Callable[[], None], who: str) -> Restored:
        """Read all of the backup, and put every part of it in its place."""
        entries = self._reader.entries()
        self._header = self._read_header(next(entries, None))
        self._known = {form.name for form in self._header.tables}
        self._target = Target(self._connection, self._header, str(self._connection.engine.url))
        for entry in entries:
            self._take(entry)
            on_file()
        manifest = self._reader.manifest
        if not self._reader.in_part and self._images != manifest.images:
            raise self._reader.refusal("its manifest counts other images than it has")
        if manifest.rows.keys() != self._known:
            raise self._reader.refusal("its manifest counts other tables than it has")
        self._target.bring_up(manifest.rows)
        missing = self._drop_unknown_images()
        left_out = self._left_out(missing) if self._reader.in_part else ()
        self._target.sign(manifest.rows, who, len(left_out), self._note(left_out))
        inspections = self._rows[InspectionRow.__tablename__]
        return Restored(inspections, self._images, tuple(sorted(self._settings)), left_out)

    def _read_header(self, entry: Entry | None) -> Header:
        if entry is None or entry.name != HEADER:
            raise self._reader.refusal("it is no backup")
        try:
            header = Header.model_validate_json(entry.content)
        except ValidationError as error:
            if any(each["loc"] == ("format",) for each in error.errors()):
                raise RecordsError(
                    f"{self._name}: is not of the form {FORMAT}, so a newer EdgeInspect made it; "
                    "update EdgeInspect first."
                ) from None
            raise self._reader.refusal("its header cannot be read") from None
        check_revision(header.revision, known_revisions(), self._name)
        return header

    def _take(self, entry: Entry) -> None:
        kind, _, rest = entry.name.partition("/")
        if kind == "records":
            self._take_rows(entry, rest.split("/")[0])
        elif kind == "evidence":
            self._take_image(rest, entry.content)
        elif kind == "settings":
            self._write(self._settings_folder / rest, entry)
            self._settings.add(rest)
        else:
            raise self._reader.refusal(f"it holds {entry.name} twice")

    def _take_rows(self, entry: Entry, table: str) -> None:
        if table not in self._known:
            raise self._reader.refusal(f"it holds {entry.name}, of a table that it does not name")
        try:
            rows = list(unpack(entry.content, self._target.kinds(table)))
        except ValueError as error:
            raise self._reader.refusal(f"{entry.name} cannot be read ({error})") from None
        self._rows[table] += len(rows)
        try:
            self._target.insert(table, rows)
        except (DataError, IntegrityError) as error:
            why = f"the database does not take {entry.name} ({sentence(error)})"
            raise self._reader.refusal(why) from None

    def _take_image(self, sha256: str, content: bytes) -> None:
        try:
            check_evidence(sha256, content)
        except EvidenceError as error:
            self._reader.pass_over(f"evidence/{sha256}", _damage(error))
            return
        self._write(place_in(self._image_folder, sha256), Entry(f"evidence/{sha256}", content))
        self._images += 1

    def _drop_unknown_images(self) -> set[str]:
        """Remove images that were copied, and removed by retention before the rows were; return
        those that the rows speak of and that are not here.
        """
        kept = set(kept_images(self._connection))
        for path in self._image_folder.glob("??/??/*"):
            if path.name not in kept:
                path.unlink()
                self._images -= 1
            kept.discard(path.name)
        return kept

    def _left_out(self, missing: set[str]) -> tuple[str, ...]:
        """Take away what the lists do not bear out; say of each file that is not restored why."""
        amiss = self._reader.amiss
        images = {f"evidence/{sha256}" for sha256 in missing}
        others = {name for name in amiss if not name.startswith("evidence/")}
        for name in others:
            rest = name.removeprefix("settings/")
            if rest in self._settings:
                (self._settings_folder / rest).unlink()
                self._settings.remove(rest)
        return tuple(
            f"{name} {amiss.get(name, 'is not in the backup')}." for name in sorted(images | others)
        )

    def _note(self, left_out: tuple[str, ...]) -> str | None:
        """Write down what is not restored, where there is such; return the digest of the note."""
        if not left_out:
            return None
        lines = (NOTE_BEGINS.format(name=self._name), *left_out)
        note = Entry(NOTE, "".join(f"{line}\n" for line in lines).encode())
        self._write(self._settings_folder / NOTE, note)
        return digest(note.content)

    def _write(self, path: Path, entry: Entry) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("xb") as file:
                file.write(entry.content)
        except FileExistsError:
            raise self._reader.refusal(f"it holds {entry.name} twice") from None


def _damage(error: EvidenceError) -> str:
    why = str(error).partition(": ")[2].partition(";")[0].rstrip(".")
    return f"is damaged ({why})"
