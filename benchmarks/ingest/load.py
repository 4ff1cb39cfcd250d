"""All simulated stations in one process; prints what came out, as JSON.

    python -m benchmarks.ingest.load PORT [--stations 10] [--parts 20000] [--rate 1000]
        [--unheard]

Without a rate, parts are sent as fast as the broker takes them. `--unheard` ends when the broker
has taken all: for a subscriber that says nothing back.
"""

import argparse
import asyncio
import gc
import json
from dataclasses import asdict, dataclass
from functools import partial
from time import process_time, time

import numpy as np

from .payloads import lines
from .station import Station

PREPARE_S_A_PART = 60e-6
TICK_S = 0.002


@dataclass(frozen=True, slots=True)
class Outcome:
    """Parts of all stations, over the seconds from the first sent to the last recorded.

    Latencies are in ms, from when a part was to pass (paced) or was sent, to its watermark.
    """

    parts: int
    recorded: int
    resent: int
    seconds: float
    p50_ms: float
    p99_ms: float
    max_ms: float
    cpu_s: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--stations", type=int, default=10)
    parser.add_argument("--parts", type=int, default=20_000)
    parser.add_argument("--rate", type=float)
    parser.add_argument("--unheard", action="store_true")
    parser.add_argument("--within", type=float, default=120.0, metavar="SECONDS")
    print(json.dumps(asdict(asyncio.run(_run(parser.parse_args())))))


async def _run(given: argparse.Namespace) -> Outcome:
    start_s = time() + 2.0 + given.parts * PREPARE_S_A_PART
    paced = given.rate is not None
    planned = lines(given.stations, given.parts, start_s, given.rate or 5000.0)
    stations = [Station(line, paced=paced) for line in planned]
    gc.collect()
    gc.freeze()
    loop = asyncio.get_running_loop()
    for station in stations:
        await loop.create_connection(partial(_itself, station), "127.0.0.1", given.port)
    await asyncio.gather(*(station.ready for station in stations))
    await asyncio.sleep(max(0.0, start_s - time()))
    before_s = process_time()
    await _send(stations, given.within, unheard=given.unheard)
    cpu_s = process_time() - before_s
    for station in stations:
        station.close()
    return _outcome(stations, cpu_s, paced=paced)


def _itself(station: Station) -> Station:
    return station


async def _send(stations: list[Station], within_s: float, *, unheard: bool) -> None:
    until_s = time() + within_s
    waiting = list(stations)
    while waiting and time() < until_s:
        for station in waiting:
            station.send()
        await asyncio.sleep(TICK_S)
        waiting = [item for item in waiting if not (item.taken if unheard else item.done.done())]
    for station in stations:
        station.done.cancel()


def _outcome(stations: list[Station], cpu_s: float, *, paced: bool) -> Outcome:
    late_ms = [
        1e3 * (recorded_s - (station.line.due_s(number) if paced else sent_s))
        for station in stations
        for number, (sent_s, recorded_s) in enumerate(
            zip(station.heard.sent_s, station.heard.recorded_s, strict=False), 1
        )
    ]
    ends = [at for item in stations for at in (item.heard.recorded_s or item.heard.sent_s)[-1:]]
    begin_s = min(station.heard.sent_s[0] for station in stations)
    p50, p99, most = np.percentile(late_ms, (50, 99, 100)) if late_ms else (0.0, 0.0, 0.0)
    return Outcome(
        parts=sum(station.line.parts for station in stations),
        recorded=sum(len(station.heard.recorded_s) for station in stations),
        resent=sum(station.heard.resent for station in stations),
        seconds=max(ends) - begin_s,
        p50_ms=float(p50),
        p99_ms=float(p99),
        max_ms=float(most),
        cpu_s=cpu_s,
    )


if __name__ == "__main__":
    main()
