"""The live stream, over a real connection."""

import json
from collections.abc import Callable, Iterator
from threading import Thread

import httpx

from edgeinspect.api.services import Services
from edgeinspect.core.inspection import Inspection, StationAddress
from edgeinspect.records.events import EvidenceStored, InspectionRecorded, StationChanged
from edgeinspect.records.queries.stations import StationSummary


def events(lines: Iterator[str]) -> Iterator[tuple[str, object]]:
    """Yield the name and the data of every event."""
    name = ""
    for line in lines:
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            yield name, json.loads(value)


def test_what_is_published_arrives_in_order(
    api: httpx.Client, services: Services, make_inspection: Callable[..., Inspection]
) -> None:
    inspection = make_inspection(part_id="部件\n2")
    summary = StationSummary(StationAddress(), None, inspection.captured_at, 4, 1, 0, 0, 0)
    with api.stream("GET", "/api/v1/live") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert stream.headers["cache-control"] == "no-store"
        lines = stream.iter_lines()
        assert next(lines) == ": connected"
        for event in (InspectionRecorded(inspection), StationChanged(summary), EvidenceStored("a")):
            services.live.publish(event)
        heard = events(lines)
        assert next(heard) == ("inspection", inspection.model_dump(mode="json"))
        name, station = next(heard)
        assert isinstance(station, dict)
        assert (name, station["inspected"], station["mode"]) == ("station", 4, None)
        assert next(heard) == ("evidence", {"sha256": "a"})


def test_a_crowd_hears_what_many_threads_say(api: httpx.Client, services: Services) -> None:
    with api.stream("GET", "/api/v1/live") as one, api.stream("GET", "/api/v1/live") as other:
        streams = [one.iter_lines(), other.iter_lines()]
        for lines in streams:
            assert next(lines) == ": connected"
        talkers = [
            Thread(target=services.live.publish, args=(EvidenceStored(f"{number}"),))
            for number in range(20)
        ]
        for talker in talkers:
            talker.start()
        for talker in talkers:
            talker.join()
        for lines in streams:
            heard = events(lines)
            assert {str(next(heard)[1]) for _ in range(20)} == {
                str({"sha256": f"{number}"}) for number in range(20)
            }


def test_stopping_the_server_ends_the_stream(api: httpx.Client, services: Services) -> None:
    with api.stream("GET", "/api/v1/live") as stream:
        lines = stream.iter_lines()
        assert next(lines) == ": connected"
        services.live.close()
        assert list(lines) == [""]
    with api.stream("GET", "/api/v1/live") as late:
        assert list(late.iter_lines()) == [": connected", ""]
