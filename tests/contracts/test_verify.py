"""What was changed behind the product's back is found."""

from collections.abc import Callable
from pathlib import Path

import cv2
import pytest
from sqlalchemy import text

from edgeinspect.core.frame import Image
from edgeinspect.core.identity import digest
from edgeinspect.core.inspection import Evidence, Inspection
from edgeinspect.records.batch import Batch, EvidenceKey
from edgeinspect.records.checks.flaws import Flaw, Found
from edgeinspect.records.database import Database
from edgeinspect.records.evidence_store import EvidenceStore
from edgeinspect.records.ingest import Ingest
from edgeinspect.records.rollups.rebuild import rebuild
from edgeinspect.records.verify import verify

MakeInspection = Callable[..., Inspection]


@pytest.fixture
def store(tmp_path: Path) -> EvidenceStore:
    return EvidenceStore(tmp_path / "evidence")


@pytest.fixture
def kept(
    database: Database, store: EvidenceStore, make_inspection: MakeInspection, picture: Image
) -> Inspection:
    """Three recorded inspections, of which the first, which is given, has an image."""
    content = cv2.imencode(".png", picture)[1].tobytes()
    sha256 = digest(content)
    image = Evidence(sha256=sha256, width=64, height=48, bytes=len(content))
    made = [make_inspection(number, score=0.25 * number) for number in (2, 3)]
    first = make_inspection(1, evidence=(image,), score=0.125)
    store.write(sha256, content)
    Ingest(database).record(Batch((first, *made), stored=(EvidenceKey(first.address, sha256),)))
    return first


def flaws(database: Database, store: EvidenceStore) -> list[Found]:
    seen: list[tuple[int, int]] = []
    found = list(verify(database, store, lambda done, total: seen.append((done, total))))
    assert seen[-1][0] == seen[-1][1]
    return found


def change(database: Database, statement: str, **values: object) -> None:
    with database.write() as connection:
        connection.execute(text(statement), values)
    rebuild(database)


def test_whole_records_have_no_flaw(
    database: Database, store: EvidenceStore, kept: Inspection
) -> None:
    assert kept.evidence
    assert flaws(database, store) == []


@pytest.mark.parametrize(
    "assignment",
    ["verdict = 'fail'", "score = 0.126", "serial = 'X'", "recipe = NULL", "document = '{}'"],
)
def test_an_edited_row_is_named(
    database: Database, store: EvidenceStore, kept: Inspection, assignment: str
) -> None:
    change(database, f"UPDATE inspections SET {assignment} WHERE part_id = 'part-1'")
    assert flaws(database, store) == [Found(Flaw.EDITED, str(kept.id))]


def test_a_removed_row_is_named(database: Database, store: EvidenceStore, kept: Inspection) -> None:
    change(database, "DELETE FROM inspections WHERE part_id = 'part-1'")
    assert flaws(database, store) == [Found(Flaw.REMOVED, str(kept.id))]


def test_missing_damaged_and_unknown_images_are_named(
    database: Database, store: EvidenceStore, kept: Inspection, tmp_path: Path
) -> None:
    sha256 = kept.evidence[0].sha256
    path = tmp_path / "evidence" / sha256[:2] / sha256[2:4] / sha256
    path.write_bytes(path.read_bytes()[:-1])
    assert flaws(database, store) == [Found(Flaw.EVIDENCE_DAMAGED, sha256)]
    path.unlink()
    assert flaws(database, store) == [Found(Flaw.EVIDENCE_MISSING, sha256)]
    stray = b"\xff\xd8\xff stray"
    store.write(digest(stray), stray)
    orphan = Found(Flaw.EVIDENCE_ORPHAN, digest(stray))
    assert flaws(database, store) == [Found(Flaw.EVIDENCE_MISSING, sha256), orphan]


def test_wrong_counts_are_told(database: Database, store: EvidenceStore, kept: Inspection) -> None:
    assert kept.evidence
    with database.write() as connection:
        connection.execute(text("DELETE FROM counts WHERE level_s = 3600"))
    assert flaws(database, store) == [Found(Flaw.COUNT, "1")]
