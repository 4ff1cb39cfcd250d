"""API v1 over real records."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import cv2
import httpx
import pytest

from edgeinspect.api.services import Services
from edgeinspect.core.clock import utc_now
from edgeinspect.core.delivery import BootTail, StationMode, StationState
from edgeinspect.core.finding import Finding
from edgeinspect.core.frame import Image
from edgeinspect.core.identity import digest
from edgeinspect.core.inspection import Evidence, Inspection, StationAddress
from edgeinspect.core.part import PartContext
from edgeinspect.core.verdict import Purpose, Verdict
from edgeinspect.core.version import VERSION
from edgeinspect.records.batch import Announcement, Batch
from edgeinspect.records.ingest import Ingest

MakeInspection = Callable[..., Inspection]
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def record(services: Services, *inspections: Inspection) -> None:
    Ingest(services.database).record(Batch(inspections))


def ask(api: httpx.Client, path: str, **query: str | int) -> Any:
    """Return the JSON document at `path`."""
    answer = api.get(f"/api/v1{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def finding(name: str) -> Finding:
    return Finding.model_validate({"class": name, "score": 0.5, "box_px": (0, 0, 2, 2)})


def test_it_lives_and_is_ready(api: httpx.Client) -> None:
    keeping = dict.fromkeys(("kept_at", "failing_since", "trouble"))
    assert ask(api, "/health") == {"status": "ok", "version": VERSION, "keeping": keeping}
    fine = dict.fromkeys(("ready", "database", "broker", "recording"), True)
    assert ask(api, "/ready") == fine


def test_an_inspection_is_answered_as_it_was_sent(
    api: httpx.Client, services: Services, make_inspection: MakeInspection, picture: Image
) -> None:
    content = cv2.imencode(".png", picture)[1].tobytes()
    sha256 = digest(content)
    image = Evidence(
        sha256=sha256, content_type="image/png", width=64, height=48, bytes=len(content)
    )
    sent = make_inspection(evidence=(image,), findings=(finding("划痕"),))
    record(services, sent)
    document = ask(api, f"/inspections/{sent.id}")
    assert document["inspection"] == sent.model_dump(mode="json")
    assert datetime.fromisoformat(document["recorded_at"]).tzinfo is not None
    url = f"/api/v1/evidence/{sha256}"
    assert document["evidence"] == [image.model_dump(mode="json") | {"url": url, "stored": False}]
    assert api.get(url).status_code == 404
    services.evidence.write(sha256, content)
    answer = api.get(url)
    assert (answer.content, answer.headers["content-type"]) == (content, "image/png")
    assert "immutable" in answer.headers["cache-control"]
    assert ask(api, "/inspections")["items"] == [sent.model_dump(mode="json")]


def test_pages_lead_through_everything_once(
    api: httpx.Client, services: Services, make_inspection: MakeInspection
) -> None:
    moments = [NOON + timedelta(seconds=number // 3) for number in range(10)]
    sent = [make_inspection(number, captured_at=moment) for number, moment in enumerate(moments, 1)]
    record(services, *sent)
    seen: list[str] = []
    query: dict[str, str | int] = {"limit": 4}
    while True:
        page = ask(api, "/inspections", **query)
        seen += [item["id"] for item in page["items"]]
        record(services, make_inspection(11))  # what comes meanwhile does not shift the pages
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    newest_first = sorted(sent, key=lambda item: (item.captured_at, item.id), reverse=True)
    assert seen == [str(item.id) for item in newest_first]


def test_filters_find_what_they_name(
    api: httpx.Client, services: Services, make_inspection: MakeInspection
) -> None:
    odd = make_inspection(
        1,
        boot=uuid4(),
        line="line-2",
        station="end",
        verdict=Verdict.FAIL,
        purpose=Purpose.CHALLENGE,
        captured_at=NOON,
        context=PartContext(serial="A/1 ü", lot="L1"),
        findings=(finding("dent"), finding("dent"), finding("scratch")),
    )
    record(services, odd, *(make_inspection(number) for number in range(1, 4)))
    for query in (
        {"line": "line-2"},
        {"station": "end", "site": "site"},
        {"verdict": "fail"},
        {"purpose": "challenge"},
        {"serial": "A/1 ü"},
        {"lot": "L1"},
        {"class": "dent"},
        {"since": NOON.isoformat(), "until": (NOON + timedelta(microseconds=1)).isoformat()},
    ):
        found = ask(api, "/inspections", **query)["items"]
        assert [item["id"] for item in found] == [str(odd.id)], query
    assert ask(api, "/inspections", **{"class": "chip"})["items"] == []
    assert ask(api, "/inspections", since=NOON.isoformat(), verdict="fail")["items"] != []
    assert ask(api, "/inspections", until=NOON.isoformat())["items"] == []


def test_a_part_is_traced_by_its_serial(
    api: httpx.Client, services: Services, make_inspection: MakeInspection
) -> None:
    context = PartContext(serial="A/1 ü")
    later, sooner = (
        make_inspection(number, context=context, captured_at=NOON - timedelta(number))
        for number in (1, 2)
    )
    record(services, later, sooner, make_inspection(3))
    part = api.get("/api/v1/parts/A%2F1%20%C3%BC").json()
    assert part["serial"] == "A/1 ü"
    assert [item["id"] for item in part["inspections"]] == [str(sooner.id), str(later.id)]


def test_rates_count_production_and_every_part_once(
    api: httpx.Client, services: Services, make_inspection: MakeInspection
) -> None:
    verdicts = [Verdict.FAIL, Verdict.REVIEW, Verdict.FAIL, Verdict.REVIEW]
    parts = [
        make_inspection(number, verdict=verdict, captured_at=NOON + timedelta(minutes=20 * number))
        for number, verdict in enumerate(verdicts, 1)
    ]
    again = [
        make_inspection(
            number,
            verdict=Verdict.REVIEW,
            captured_at=NOON + timedelta(minutes=number),
            context=PartContext(serial="S"),
        )
        for number in (5, 6)
    ]
    trial = make_inspection(7, purpose=Purpose.GOLDEN, captured_at=NOON)
    record(services, *parts, *again, trial)
    until = NOON + timedelta(minutes=80)
    rates = ask(api, "/rates", since=NOON.isoformat(), until=until.isoformat(), bucket="hour")
    spans = [(bucket["start"], bucket["end"]) for bucket in rates["buckets"]]
    assert spans == [
        ("2026-03-01T12:00:00Z", "2026-03-01T13:00:00Z"),
        ("2026-03-01T13:00:00Z", "2026-03-01T13:20:00Z"),
    ]
    counted = [(b["failed"], b["review"], b["passed"], b["inspected"]) for b in rates["buckets"]]
    assert counted == [(1, 3, 0, 4), (1, 0, 0, 1)]
    total = rates["total"]
    assert (total["inspected"], total["defect_rate"]["value"]) == (5, 0.4)
    assert total["first_pass_yield"]["value"] == 0
    assert total["defect_rate"]["low"] == pytest.approx(0.1176, abs=1e-4)


def test_the_shift_that_runs_now_is_a_whole_bucket(
    api: httpx.Client, services: Services, make_inspection: MakeInspection
) -> None:
    record(services, make_inspection())
    (shift,) = ask(api, "/rates", bucket="shift")["buckets"]
    start, end = (datetime.fromisoformat(shift[edge]) for edge in ("start", "end"))
    assert start <= utc_now() < end
    assert start.astimezone().hour in {0, 8, 16}
    since = (utc_now() - timedelta(hours=12)).isoformat()
    assert ask(api, "/rates", bucket="shift", since=since)["buckets"][-1] == shift


def test_no_parts_have_no_rate(api: httpx.Client) -> None:
    rates = ask(api, "/rates", bucket="minute")
    assert len(rates["buckets"]) == 60
    assert rates["total"]["defect_rate"] is None
    assert ask(api, "/pareto") == {"items": []}


def test_the_pareto_ranks_what_failed_parts_show(
    api: httpx.Client, services: Services, make_inspection: MakeInspection
) -> None:
    shown = {
        1: (Verdict.FAIL, ("dent", "dent", "chip")),
        2: (Verdict.FAIL, ("dent",)),
        3: (Verdict.REVIEW, ("chip", "stain")),
    }
    record(
        services,
        *(
            make_inspection(number, verdict=verdict, findings=tuple(map(finding, names)))
            for number, (verdict, names) in shown.items()
        ),
    )
    items = ask(api, "/pareto", station="station-1")["items"]
    assert [(item["class"], item["parts"]) for item in items] == [("dent", 2), ("chip", 1)]
    assert [round(item["cumulative"], 3) for item in items] == [0.667, 1.0]


def test_stations_say_what_they_do_and_what_is_missing(
    api: httpx.Client, services: Services, make_inspection: MakeInspection
) -> None:
    part = make_inspection(2)
    state = StationState(
        mode=StationMode.DEGRADED,
        reason="the camera is dark",
        since=NOON,
        open_boots=(BootTail(boot=part.boot, last_sequence=4),),
    )
    said = Announcement(StationAddress(), state)
    Ingest(services.database).record(Batch((part,), (said,)))
    record(services, make_inspection(1, station="silent", boot=uuid4()))
    silent, station = ask(api, "/stations")["items"]
    assert (silent["station"], silent["mode"], silent["inspected"]) == ("silent", None, 1)
    assert station["reason"] == "the camera is dark"
    assert (station["mode"], station["inspected"], station["holes"]) == ("degraded", 4, 3)
    assert datetime.fromisoformat(station["last_inspection_at"]) == part.captured_at
    (boot,) = ask(api, "/stations/site/line-1/station-1/boots")["items"]
    assert boot == {
        "boot": str(part.boot),
        "rows_through": 0,
        "evidence_through": 0,
        "last_sequence": 4,
        "recorded": 1,
        "quarantined": 0,
        "given_up": 0,
        "lost": 0,
        "holes": [[1, 1], [3, 4]],
    }
