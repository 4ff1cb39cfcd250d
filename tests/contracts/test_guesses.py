"""Of one part, what was judged stands before the guess of a station interrupted at it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from edgeinspect.core.finding import Finding
from edgeinspect.core.inspection import Inspection, StationAddress
from edgeinspect.core.reason import Reason, ReasonCode
from edgeinspect.core.verdict import Verdict
from edgeinspect.quality.rates import Tally
from edgeinspect.records.batch import Batch, Recording
from edgeinspect.records.database import Database
from edgeinspect.records.ingest import Ingest
from edgeinspect.records.queries.counts import cells, failed_by_class
from edgeinspect.records.queries.inspections import Filters, page
from edgeinspect.records.queries.scope import EVERY_STATION
from edgeinspect.records.queries.stations import boots
from edgeinspect.records.tables import QuarantineRow

MakeInspection = Callable[..., Inspection]
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = (NOON - timedelta(hours=1), NOON + timedelta(hours=1))
INTERRUPTED = Reason(code=ReasonCode.STATION_INTERRUPTED, text="stopped")
UNREADABLE = Reason(code=ReasonCode.FRAME_UNREADABLE, text="no image")
DENT = Finding.model_validate({"class": "dent", "score": 0.5, "box_px": (0, 0, 2, 2)})


@pytest.fixture
def guess(make_inspection: MakeInspection) -> Inspection:
    return make_inspection(1, captured_at=NOON, reasons=(INTERRUPTED,))


@pytest.fixture
def judged(make_inspection: MakeInspection) -> Inspection:
    return make_inspection(1, captured_at=NOON, verdict=Verdict.FAIL, findings=(DENT,))


def record(database: Database, *inspections: Inspection) -> Recording:
    return Ingest(database).record(Batch(inspections))


def assert_only(database: Database, inspection: Inspection) -> None:
    """Assert that the part counts once, as `inspection`, and that nothing is missing or aside."""
    assert page(database, Filters(), 10).items == (inspection,)
    failed = int(inspection.verdict is Verdict.FAIL)
    tally = Tally(failed=failed, review=1 - failed, first_inspected=1)
    assert cells(database, *DAY, EVERY_STATION, 60) == {NOON: tally}
    assert failed_by_class(database, *DAY, EVERY_STATION) == ({"dent": 1} if failed else {})
    (boot,) = boots(database, StationAddress()) or ()
    assert (boot.recorded, boot.rows_through, boot.evidence_through, boot.holes) == (1, 1, 1, ())
    with database.read() as connection:
        aside = connection.execute(select(func.count()).select_from(QuarantineRow)).scalar_one()
    assert aside == 0


def test_what_was_judged_takes_the_place_of_the_guess(
    database: Database, guess: Inspection, judged: Inspection
) -> None:
    assert record(database, guess).new == (guess,)
    assert_only(database, guess)
    assert record(database, judged).new == (judged,)
    assert_only(database, judged)


def test_a_guess_after_what_was_judged_is_dropped(
    database: Database, guess: Inspection, judged: Inspection
) -> None:
    record(database, judged)
    late = record(database, guess)
    assert (late.new, late.refused) == ((), ())
    assert_only(database, judged)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_both_at_once_are_what_was_judged(
    database: Database, guess: Inspection, judged: Inspection, order: tuple[int, int]
) -> None:
    both = (guess, judged)
    assert record(database, *(both[number] for number in order)).new == (judged,)
    assert_only(database, judged)


def test_repeats_change_nothing(database: Database, guess: Inspection, judged: Inspection) -> None:
    record(database, guess)
    record(database, judged)
    for repeat in ((guess,), (judged,), (judged, guess), (guess, judged)):
        assert record(database, *repeat).new == ()
        assert_only(database, judged)


def test_of_two_guesses_the_first_stands(
    database: Database, guess: Inspection, make_inspection: MakeInspection
) -> None:
    record(database, guess)
    second = record(database, make_inspection(1, captured_at=NOON, reasons=(INTERRUPTED,)))
    assert (second.new, second.refused) == ((), ())
    assert_only(database, guess)


def test_only_one_that_was_judged_takes_the_place(
    database: Database, guess: Inspection, judged: Inspection, make_inspection: MakeInspection
) -> None:
    impostor = make_inspection(1, captured_at=NOON)
    record(database, guess)
    recording = record(database, judged, impostor)
    assert recording.new == (judged,)
    assert [refused.seat and refused.seat.sequence for refused in recording.refused] == [1]
    assert page(database, Filters(), 10).items == (judged,)


def test_another_cause_beside_it_makes_it_no_guess(
    database: Database, judged: Inspection, make_inspection: MakeInspection
) -> None:
    seen = make_inspection(1, captured_at=NOON, reasons=(INTERRUPTED, UNREADABLE))
    record(database, seen)
    assert len(record(database, judged).refused) == 1
    assert page(database, Filters(), 10).items == (seen,)
