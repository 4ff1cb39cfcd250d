"""Views of one part, in any order, repeated, late or missing: each part is decided once, safely."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeinspect.core.inspection import Inspection, StationAddress
from edgeinspect.core.part import PartContext
from edgeinspect.core.reason import Reason, ReasonCode
from edgeinspect.core.recipe import Recipe
from edgeinspect.core.verdict import Purpose, Verdict
from edgeinspect.core.views import Views
from edgeinspect.decision.views import Sighting
from edgeinspect.station.joining import matcher as matching
from edgeinspect.station.joining.joiner import Joiner
from edgeinspect.station.joining.matcher import Heard, Matcher, ViewedPart

STATIONS = ("top", "side", "back")
WITHIN_S = 2.0
VIEWS = Views(STATIONS, WITHIN_S * 1e3)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
JOINER = Joiner(VIEWS, Recipe(), StationAddress(), PartContext(step="end"), Purpose.PRODUCTION)


def view(
    station: str,
    serial: str | None = "S1",
    at_s: float = 0.0,
    verdict: Verdict = Verdict.PASS,
    reasons: tuple[Reason, ...] = (),
) -> Sighting:
    name, moment = serial or f"file-{uuid4()}", NOON + timedelta(seconds=at_s)
    return Sighting(station, uuid4(), name, moment, PartContext(serial=serial), verdict, reasons)


def hear(matcher: Matcher, seen: Sighting, now_s: float) -> Heard:
    return matcher.hear(seen, (seen.captured_at - NOON).total_seconds(), now_s)


def taken(matcher: Matcher, now_s: float) -> list[ViewedPart]:
    return list(iter(lambda: matcher.take(now_s), None))


def record(part: ViewedPart) -> Inspection:
    return JOINER.inspect(part, UUID(int=1), 1)


def codes(record: Inspection) -> list[ReasonCode]:
    return [reason.code for reason in record.reasons]


def test_a_part_that_every_view_passed_passes_as_soon_as_the_last_has_come() -> None:
    matcher, seen = Matcher(VIEWS), [view("side", at_s=1.0), view("top"), view("back", at_s=0.5)]
    for number, each in enumerate(seen):
        assert taken(matcher, 1.0) == []
        assert hear(matcher, each, 1.0 + number / 10) is Heard.TAKEN
    (part,) = taken(matcher, 1.3)
    made = record(part)
    assert (made.verdict, made.reasons, made.part_id) == (Verdict.PASS, (), "S1")
    assert made.captured_at == NOON
    assert (made.context.serial, made.context.step) == ("S1", "end")
    assert [each.station for each in made.views] == list(STATIONS)
    assert {each.inspection for each in made.views} == {each.inspection for each in seen}


def test_the_worst_view_decides_and_its_reasons_bear_its_name() -> None:
    scratch = Reason(code=ReasonCode.ABOVE_THRESHOLD, text="score 3 reaches the threshold 2")
    near = Reason(code=ReasonCode.NEAR_THRESHOLD, text="score 1.9 is close")
    matcher = Matcher(VIEWS)
    for each in (
        view("top", verdict=Verdict.REVIEW, reasons=(near,)),
        view("side", verdict=Verdict.FAIL, reasons=(scratch,)),
        view("back"),
    ):
        hear(matcher, each, 0.0)
    (part,) = taken(matcher, 0.0)
    made = record(part)
    assert made.verdict is Verdict.FAIL
    assert [reason.text for reason in made.reasons] == [
        f"side: {scratch.text}",
        f"top: {near.text}",
    ]


def test_a_view_that_does_not_come_in_time_is_missing_and_too_late_afterwards() -> None:
    matcher = Matcher(VIEWS)
    hear(matcher, view("top"), 0.1)
    hear(matcher, view("back"), 0.2)
    assert matcher.next_due_s() == pytest.approx(0.1 + WITHIN_S)
    assert taken(matcher, 0.1 + WITHIN_S - 0.01) == []
    (part,) = taken(matcher, 0.1 + WITHIN_S)
    made = record(part)
    assert (made.verdict, codes(made)) == (Verdict.REVIEW, [ReasonCode.VIEW_MISSING])
    assert made.reasons[0].text.startswith("side ")
    assert hear(matcher, view("side", at_s=0.1), 2.2) is Heard.LATE
    assert taken(matcher, 100.0) == []


def test_a_view_that_is_heard_again_counts_once_before_and_after_its_part_was_decided() -> None:
    matcher, top = Matcher(VIEWS), view("top")
    assert [hear(matcher, top, 0.0) for _ in range(2)] == [Heard.TAKEN, Heard.AGAIN]
    assert len(taken(matcher, 10.0)) == 1
    assert hear(matcher, replace(top), 500.0) is Heard.AGAIN
    assert taken(matcher, 1000.0) == []


def test_two_parts_under_one_serial_are_both_reviewed_whoever_sees_what() -> None:
    matcher = Matcher(VIEWS)
    for number in range(2):
        for station in STATIONS:
            hear(matcher, view(station, at_s=number / 10), 0.0)
    made = [record(part) for part in taken(matcher, 10.0)]
    # The first was whole, and handed out, before anybody knew of the second.
    assert [each.verdict for each in made] == [Verdict.PASS, Verdict.REVIEW]
    assert ReasonCode.SERIAL_REPEATED in codes(made[1])
    matcher = Matcher(VIEWS)
    for station in ("top", "top", "side", "back", "side", "back"):
        hear(matcher, view(station), 0.0)
    made = [record(part) for part in taken(matcher, 10.0)]
    assert [each.verdict for each in made] == [Verdict.REVIEW] * 2
    assert all(ReasonCode.SERIAL_REPEATED in codes(each) for each in made)


def test_a_serial_that_comes_again_later_is_another_part() -> None:
    matcher = Matcher(VIEWS)
    for start_s in (0.0, 60.0):
        for station in STATIONS:
            hear(matcher, view(station, at_s=start_s), start_s)
        (part,) = taken(matcher, start_s)
        assert record(part).verdict is Verdict.PASS


def test_a_view_without_a_serial_is_a_part_by_itself_and_never_passes() -> None:
    matcher = Matcher(VIEWS)
    for station in STATIONS:
        hear(matcher, view(station, serial=None), 0.0)
    made = [record(part) for part in taken(matcher, 0.0)]
    assert [each.verdict for each in made] == [Verdict.REVIEW] * 3
    assert all(codes(each) == [ReasonCode.SERIAL_UNREAD] for each in made)
    assert all(each.context.serial is None for each in made)


def test_the_gate_hears_of_a_part_at_its_first_view_and_is_told_of_an_earlier_one() -> None:
    told: list[tuple[float, int | None]] = []

    def foresee(at_s: float, part: int | None) -> int:
        told.append((at_s, part))
        return part or 7

    matcher = Matcher(VIEWS, foresee)
    for station, at_s in (("side", 1.0), ("top", 0.25), ("back", 0.5)):
        hear(matcher, view(station, at_s=at_s), 1.5)
    assert told == [(1.0, None), (0.25, 7)]
    (part,) = taken(matcher, 1.5)
    assert (part.at_gate, part.captured_s) == (7, 0.25)


def test_what_waits_is_handed_out_at_a_stop_and_let_go_of_after_a_pause() -> None:
    matcher = Matcher(VIEWS)
    hear(matcher, view("top"), 0.0)
    matcher.settle_all()
    (part,) = taken(matcher, 0.0)
    assert record(part).verdict is Verdict.REVIEW
    hear(matcher, view("top", "S2"), 0.0)
    assert matcher.clear() == 1
    assert taken(matcher, 10.0) == []


@dataclass(frozen=True)
class Arrival:
    """A view and when it comes, once or more often."""

    seen: Sighting
    at_s: tuple[float, ...]


@st.composite
def arrivals(draw: st.DrawFn) -> list[Arrival]:
    """Some parts a minute apart, each seen by some stations, told of late, twice, or never."""
    made: list[Arrival] = []
    for number in range(draw(st.integers(1, 4))):
        for station in STATIONS:
            delays_s = draw(st.lists(st.sampled_from([0.0, 0.5, 1.9, 2.5, 9.0]), max_size=3))
            at_s = number * 60.0 + draw(st.sampled_from([0.0, 0.4, 1.9]))
            verdict = draw(st.sampled_from(list(Verdict)))
            reasons = (Reason(code=ReasonCode.NEAR_THRESHOLD, text="close"),)
            said = () if verdict is Verdict.PASS else reasons
            serial = draw(st.sampled_from([f"S{number}"] * 9 + [None]))
            seen = view(station, serial, at_s, verdict, said)
            made.append(Arrival(seen, tuple(at_s + each for each in delays_s)))
    return made


@given(arrivals())
def test_each_part_is_decided_once_and_passes_only_by_every_view_in_time(
    made: list[Arrival],
) -> None:
    events = sorted(
        ((at_s, each.seen) for each in made for at_s in each.at_s), key=lambda event: event[0]
    )
    matcher, parts = Matcher(VIEWS), []
    for now_s, seen in events:
        parts += taken(matcher, now_s)
        hear(matcher, seen, now_s)
    parts += taken(matcher, 1e6)
    _each_once(parts, [seen for _, seen in events])
    for part in parts:
        _judged_safely(part, {each.seen.inspection: each for each in made})


def _each_once(parts: list[ViewedPart], heard: Iterable[Sighting]) -> None:
    """Hold that every serial has one decision, and every view without one a decision of its own."""
    keys = [part.key for part in parts]
    assert len(keys) == len(set(keys))
    assert set(keys) == {seen.serial or seen.inspection for seen in heard}


def _judged_safely(part: ViewedPart, arrived: dict[UUID, Arrival]) -> None:
    views = part.views.values()
    made = record(part)
    firsts = [min(arrived[each.inspection].at_s) for each in views]
    assert max(firsts) - min(firsts) <= WITHIN_S
    assert len({each.serial for each in views}) == 1
    whole = len(views) == len(STATIONS) and None not in {each.serial for each in views}
    passed = whole and all(each.verdict is Verdict.PASS for each in views)
    assert (made.verdict is Verdict.PASS) == passed
    assert (made.verdict is Verdict.FAIL) == any(each.verdict is Verdict.FAIL for each in views)
    assert made.verdict is Verdict.PASS or made.reasons


def test_a_view_between_two_parts_of_one_code_makes_both_doubtful() -> None:
    matcher = Matcher(Views(("top", "side"), WITHIN_S * 1e3))
    hear(matcher, view("top", at_s=0.0), 0.1)
    hear(matcher, view("top", at_s=1.9), 2.0)  # within the time of the first: a second part
    hear(matcher, view("side", at_s=1.0), 2.1)
    made = [record(part) for part in taken(matcher, 9.0)]
    assert {each.verdict for each in made} == {Verdict.REVIEW}


def test_what_was_seen_before_the_station_began_is_not_joined() -> None:
    matcher = Matcher(VIEWS, since=NOON)
    assert hear(matcher, view("top", at_s=-0.5), 0.1) is Heard.LATE
    assert hear(matcher, view("top", serial=None, at_s=-0.5), 0.1) is Heard.LATE
    assert hear(matcher, view("top", at_s=0.5), 0.6) is Heard.TAKEN


def test_what_was_decided_is_not_remembered_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "MOST", 5)
    monkeypatch.setattr(matching, "MOST_OF_ONE", 3)
    matcher = Matcher(VIEWS)
    for number in range(20):
        for serial in (f"S{number}", "of every part"):
            for station in STATIONS:
                hear(matcher, view(station, serial, at_s=10.0 * number), 10.0 * number)
        assert len(taken(matcher, 10.0 * number)) == 2
    assert len(matcher._decided) == 5
    assert {len(each) for each in matcher._decided.values()} == {1, 3}
