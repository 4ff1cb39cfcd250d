"""A backup of each kind of database becomes a database of each kind, and loses nothing."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import cv2
import numpy as np
import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from archives import put_together, taken_apart
from postgres import PostgresServer
from sqlalchemy import MetaData, create_engine, select, text

from edgeinspect.core.errors import RecordsError
from edgeinspect.core.finding import Finding
from edgeinspect.core.identity import digest
from edgeinspect.core.inspection import Evidence, Inspection
from edgeinspect.core.part import PartContext
from edgeinspect.core.verdict import Verdict
from edgeinspect.records.audit.tables import AuditRow
from edgeinspect.records.backup.archive import Entry
from edgeinspect.records.backup.chunks import pack, unpack
from edgeinspect.records.backup.forms import HEADER, Header
from edgeinspect.records.backup.kinds import kind_of
from edgeinspect.records.backup.pack import BackedUp, back_up
from edgeinspect.records.backup.unpack import Place, restore
from edgeinspect.records.batch import Batch, EvidenceKey, Refused, Seat
from edgeinspect.records.checks.flaws import Flaw
from edgeinspect.records.database import Database, open_database
from edgeinspect.records.evidence_folder import place_in
from edgeinspect.records.evidence_store import EvidenceStore
from edgeinspect.records.ingest import Ingest
from edgeinspect.records.migrate import MIGRATIONS
from edgeinspect.records.tables import Table
from edgeinspect.records.verify import verify

MakeInspection = Callable[..., Inspection]
NewBox = Callable[[str], Place]
KINDS = ("sqlite", "postgresql")
NEVER_CHANGED = ("stations", "sequences", "inspections", "findings", "counts", "class_counts")
"""Tables whose rows are the same whether they were recorded or migrated."""
CONFIG = Config()
CONFIG.set_main_option("script_location", str(MIGRATIONS))
REVISIONS = [step.revision for step in ScriptDirectory.from_config(CONFIG).walk_revisions()]


@pytest.fixture
def new_box(request: pytest.FixtureRequest, tmp_path: Path) -> NewBox:
    """Give a place where nothing is kept yet, with a database of the kind."""

    def make(kind: str) -> Place:
        data = tmp_path / uuid4().hex
        if kind == "sqlite":
            return Place(data / "records.sqlite3", data, data / "evidence")
        server: PostgresServer = request.getfixturevalue("postgres")
        return Place(server.new_database(), data, data / "evidence")

    return make


def unheard(_done: int, _total: int) -> None:
    """Show no progress."""


def image_of(seed: int) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 255, (6, 6, 3), dtype=np.uint8)
    return cv2.imencode(".png", pixels)[1].tobytes()


def record(
    place: Place, make_inspection: MakeInspection, numbers: range
) -> tuple[list[Inspection], Database]:
    """Record parts with an image each, two findings in every other, and one refused message."""
    database, store = open_database(place.database), EvidenceStore(place.evidence)
    made = []
    scratch = Finding.model_validate({"class": "划痕\n=1", "score": 0.5, "box_px": (0, 0, 1, 1)})
    for number in numbers:
        content = image_of(number)
        store.write(digest(content), content)
        image = Evidence(sha256=digest(content), width=6, height=6, bytes=len(content))
        made.append(
            make_inspection(
                number,
                evidence=(image,),
                score=number / 3,
                verdict=Verdict.FAIL if number % 2 else Verdict.REVIEW,
                findings=(scratch, scratch) if number % 2 else (),
                context=PartContext(serial=f"零件 {number // 2}", lot="L\t\\\u2028"),
            )
        )
    stored = tuple(EvidenceKey(item.address, item.evidence[0].sha256) for item in made)
    seat = Seat(made[0].address, made[0].boot, numbers.stop)
    refused = Refused("t", bytes(range(256)), "no such thing", seat=seat)
    Ingest(database).record(Batch(tuple(made), stored=stored, refused=(refused,)))
    return made, database


def backed_up(database: Database, place: Place, archive: Path) -> BackedUp:
    return back_up(database, EvidenceStore(place.evidence), {}, archive, unheard)


OWN = ("meta", "audit", "audit_head")
"""Tables that say of a restored database that it is another, and that it was restored."""


def everything(database: Database, without: tuple[str, ...] = OWN) -> dict[str, list[Any]]:
    """Return every row of every table."""
    with database.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(_all(table))]
            for table in Table.metadata.sorted_tables
            if table.name not in without
        }


def _all(table: Any) -> Any:
    return select(table).order_by(*table.primary_key)


def flaws(database: Database, place: Place) -> list[Flaw]:
    return [found.flaw for found in verify(database, EvidenceStore(place.evidence), unheard)]


@pytest.mark.parametrize("to", KINDS)
@pytest.mark.parametrize("of", KINDS)
def test_what_was_kept_is_kept_again(
    new_box: NewBox, make_inspection: MakeInspection, tmp_path: Path, of: str, to: str
) -> None:
    old, new, archive = new_box(of), new_box(to), tmp_path / "backup.tar"
    made, database = record(old, make_inspection, range(1, 30))
    with closing(database):
        assert backed_up(database, old, archive) == BackedUp(29, 29, 0)
        before = everything(database)
    seen: list[tuple[int, int]] = []
    done = restore(archive, new, lambda read, size: seen.append((read, size)))
    assert (done.inspections, done.images) == (29, 29)
    assert seen
    with closing(open_database(new.database)) as restored:
        assert everything(restored) == before
        assert restored.epoch != database.epoch
        assert flaws(restored, new) == []
        with restored.read() as connection:
            *_, last = connection.execute(select(AuditRow).order_by(AuditRow.number)).all()
        assert (last.what, last.about) == ("restored", str(restored.epoch))
        again = Ingest(restored).record(Batch(tuple(made)))
        assert (again.new, again.refused) == ((), ())
        assert again.recorded[made[0].address].epoch == restored.epoch
        further = [make_inspection(number) for number in (31, 32)]
        other = make_inspection(1, station="another", boot=uuid4())
        assert len(Ingest(restored).record(Batch((*further, other))).new) == 3
        assert flaws(restored, new) == []
    assert archive.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("kind", KINDS)
def test_a_backup_is_of_one_moment_while_parts_arrive_and_images_go(
    new_box: NewBox, make_inspection: MakeInspection, tmp_path: Path, kind: str
) -> None:
    old, new, archive = new_box(kind), new_box("sqlite"), tmp_path / "backup.tar"
    made, database = record(old, make_inspection, range(1, 200))
    store, ingest = EvidenceStore(old.evidence), Ingest(database)
    go, writing = threading.Event(), threading.Event()

    def meanwhile() -> None:
        go.wait()
        for number, item in enumerate(made[:50]):
            sha256 = item.evidence[0].sha256
            with database.write() as connection:
                gone = text("DELETE FROM evidence WHERE sha256 = :sha256")
                connection.execute(gone, {"sha256": sha256})
            place_in(old.evidence, sha256).unlink()
            content = image_of(1000 + number)
            store.write(digest(content), content)
            ingest.record(Batch((make_inspection(500 + number),)))
            writing.set()

    def shown(_done: int, _total: int) -> None:
        go.set()
        writing.wait()

    thread = threading.Thread(target=meanwhile)
    thread.start()
    with closing(database):
        done = back_up(database, store, {}, archive, shown)
        thread.join()
    assert 199 <= done.inspections <= 249
    assert done.missing == 0
    restored_images = restore(archive, new, unheard).images
    assert 149 <= restored_images <= done.images <= 199
    with closing(open_database(new.database)) as restored:
        assert flaws(restored, new) == []
        assert len(everything(restored)["inspections"]) == done.inspections


def test_an_image_that_was_missing_stays_missing(
    new_box: NewBox, make_inspection: MakeInspection, tmp_path: Path
) -> None:
    old, new, archive = new_box("sqlite"), new_box("sqlite"), tmp_path / "backup.tar"
    made, database = record(old, make_inspection, range(1, 4))
    place_in(old.evidence, made[0].evidence[0].sha256).unlink()
    place_in(old.evidence, made[1].evidence[0].sha256).write_bytes(b"\xff\xd8\xff damaged")
    with closing(database):
        assert backed_up(database, old, archive) == BackedUp(3, 1, 2)
    restore(archive, new, unheard)
    with closing(open_database(new.database)) as restored:
        assert flaws(restored, new) == [Flaw.EVIDENCE_MISSING] * 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_box_with_records_is_left_as_it_is(
    new_box: NewBox, make_inspection: MakeInspection, tmp_path: Path, kind: str
) -> None:
    old, new, archive = new_box("sqlite"), new_box(kind), tmp_path / "backup.tar"
    database = record(old, make_inspection, range(1, 4))[1]
    with closing(database):
        backed_up(database, old, archive)
    with closing(open_database(new.database)) as other:
        Ingest(other).record(Batch((make_inspection(1),)))
        before = everything(other, without=())
        with pytest.raises(RecordsError, match="has records in it"):
            restore(archive, new, unheard)
        assert everything(other, without=()) == before
        assert list(new.evidence.iterdir()) == []


def test_a_box_with_images_is_left_as_it_is(
    new_box: NewBox, make_inspection: MakeInspection, tmp_path: Path
) -> None:
    old, new, archive = new_box("sqlite"), new_box("sqlite"), tmp_path / "backup.tar"
    database = record(old, make_inspection, range(1, 4))[1]
    with closing(database):
        backed_up(database, old, archive)
    EvidenceStore(new.evidence).write(digest(image_of(1)), image_of(1))
    with pytest.raises(RecordsError, match="has images in it"):
        restore(archive, new, unheard)
    assert not (new.data / "records.sqlite3").exists()


@pytest.mark.parametrize("opened_before", [False, True])
@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("to", KINDS)
def test_a_backup_of_every_revision_is_brought_up(
    new_box: NewBox,
    make_inspection: MakeInspection,
    tmp_path: Path,
    to: str,
    revision: str,
    opened_before: bool,
) -> None:
    old, new, archive = new_box("sqlite"), new_box(to), tmp_path / "backup.tar"
    database = record(old, make_inspection, range(1, 10))[1]
    with closing(database):
        backed_up(database, old, archive)
        before = everything(database)
    as_of(revision, archive, tmp_path / "old.sqlite3")
    if opened_before:
        open_database(new.database).close()
    restore(archive, new, unheard)
    with closing(open_database(new.database)) as restored:
        after = everything(restored)
        assert [after[name] for name in NEVER_CHANGED] == [before[name] for name in NEVER_CHANGED]
        assert flaws(restored, new) == []


def as_of(revision: str, archive: Path, scratch: Path) -> None:
    """Make of a backup what an earlier version would have made: fewer tables, fewer columns."""
    engine, earlier = create_engine(f"sqlite:///{scratch}"), MetaData()
    with engine.begin() as connection:
        CONFIG.attributes["connection"] = connection
        command.upgrade(CONFIG, revision)
        earlier.reflect(connection)
    engine.dispose()
    (first, *entries), manifest = taken_apart(archive)
    header = json.loads(first.content)
    forms = {form["name"]: form for form in header["tables"]}
    kept = []
    for entry in entries:
        name = entry.name.split("/")[1]
        if not entry.name.startswith("records/"):
            kept.append(entry)
        elif name in earlier.tables:
            kept.append(Entry(entry.name, _fewer(entry.content, name, forms, earlier)))
    for name, form in forms.items():
        if name in earlier.tables:
            form["columns"] = [c for c in form["columns"] if c in earlier.tables[name].c]
    header |= {"revision": revision}
    header["tables"] = [form for name, form in forms.items() if name in earlier.tables]
    rows = {name: n for name, n in manifest.rows.items() if name in earlier.tables}
    first = Entry(HEADER, Header.model_validate(header).model_dump_json().encode())
    put_together(archive, [first, *kept], manifest.model_copy(update={"rows": rows}))


def _fewer(content: bytes, name: str, forms: dict[str, Any], earlier: MetaData) -> bytes:
    columns = forms[name]["columns"]
    today = [kind_of(Table.metadata.tables[name].c[column].type) for column in columns]
    places = [n for n, column in enumerate(columns) if column in earlier.tables[name].c]
    rows = ([row[n] for n in places] for row in unpack(content, today))
    (chunk,) = pack(rows, [today[n] for n in places])
    return chunk.content


@pytest.fixture
def nothing_to_write() -> Iterator[None]:
    """Take the room that files may have away."""
    import resource
    import signal

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    heeded = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, heeded)


def test_without_room_there_is_one_sentence_and_no_file(
    new_box: NewBox,
    make_inspection: MakeInspection,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    old, archive = new_box("sqlite"), tmp_path / "out" / "backup.tar"
    archive.parent.mkdir()
    database = record(old, make_inspection, range(1, 300))[1]
    request.getfixturevalue("nothing_to_write")
    says = "no backup was made; check folder and free space"
    with closing(database), pytest.raises(RecordsError, match=says):
        backed_up(database, old, archive)
    assert list(archive.parent.iterdir()) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_on_the_way_leaves_no_part(
    new_box: NewBox, make_inspection: MakeInspection, tmp_path: Path, kind: str
) -> None:
    def fail(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    old, new, archive = new_box(kind), new_box(kind), tmp_path / "out" / "backup.tar"
    archive.parent.mkdir()
    database = record(old, make_inspection, range(1, 10))[1]
    with closing(database):
        with pytest.raises(KeyboardInterrupt):
            back_up(database, EvidenceStore(old.evidence), {}, archive, fail)
        assert list(archive.parent.iterdir()) == []
        backed_up(database, old, archive)
    with pytest.raises(KeyboardInterrupt):
        restore(archive, new, fail)
    assert [path for path in new.data.rglob("*") if path != new.evidence] == []
    assert restore(archive, new, unheard).inspections == 9
