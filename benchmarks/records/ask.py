"""Asks the API of a running server the questions of a plant, and tells how long answers take."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from time import perf_counter

import httpx
import numpy as np

from benchmarks.records.plant import AGAIN, END, STATIONS, YEAR, serial_of

ASKED, WARM_UP = 2_000, 20
Question = Callable[[random.Random, int], tuple[str, dict[str, str]]]
"""Given a source of chance and how many parts there are, a path of the API and its parameters."""


@dataclass(frozen=True, slots=True)
class Answered:
    """How long a question took, in milliseconds."""

    question: str
    p50_ms: float
    p99_ms: float


def _trace(chance: random.Random, total: int) -> tuple[str, dict[str, str]]:
    number = chance.randrange(total // 50 * 49)
    if number // len(STATIONS) % AGAIN == 0:  # that may have been an earlier part once more
        number += len(STATIONS)
    return f"parts/{serial_of(number)}", {}


def _until(chance: random.Random, most: timedelta) -> tuple[str, str]:
    """Return the ends of a span that begins and ends at odd moments."""
    until = END - timedelta(seconds=chance.uniform(0, 3600))
    return (until - most).isoformat(), until.isoformat()


def _rate(chance: random.Random, _total: int) -> tuple[str, dict[str, str]]:
    since, until = _until(chance, timedelta(hours=1))
    return "rates", {"since": since, "until": until, "bucket": "minute"}


def _pareto(chance: random.Random, _total: int) -> tuple[str, dict[str, str]]:
    since, until = _until(chance, YEAR - timedelta(hours=2))
    return "pareto", {"since": since, "until": until}


def _pareto_of_a_station(chance: random.Random, total: int) -> tuple[str, dict[str, str]]:
    path, asked = _pareto(chance, total)
    return path, asked | {"station": chance.choice(STATIONS).station}


def _failed(chance: random.Random, _total: int) -> tuple[str, dict[str, str]]:
    until = END - timedelta(days=chance.uniform(0, 300))
    return "inspections", {"verdict": "fail", "until": until.isoformat()}


def _of_a_class(chance: random.Random, _total: int) -> tuple[str, dict[str, str]]:
    station = chance.choice(STATIONS)
    return "inspections", {"class": "burr", "station": station.station}


def _stations(_chance: random.Random, _total: int) -> tuple[str, dict[str, str]]:
    return "stations", {}


QUESTIONS: dict[str, Question] = {
    "trace by serial": _trace,
    "last hour's rate": _rate,
    "a year's Pareto": _pareto,
    "a year's Pareto of a station": _pareto_of_a_station,
    "a page of failed parts": _failed,
    "a page of a class at a station": _of_a_class,
    "all stations": _stations,
}
JUDGED = ("trace by serial", "last hour's rate", "a year's Pareto")
"""The questions whose times must stay below the bar."""


def ask(port: int, total: int) -> Iterator[Answered]:
    """Ask every question 2,000 times, one after the other over one connection."""
    chance = random.Random(1)
    with httpx.Client(
        base_url=f"http://127.0.0.1:{port}/api/v1/", trust_env=False, timeout=300
    ) as client:
        for name, question in QUESTIONS.items():
            times_ms = [_time_ms(client, *question(chance, total)) for _ in range(WARM_UP + ASKED)]
            kept = np.array(times_ms[WARM_UP:])
            yield Answered(name, float(np.median(kept)), float(np.quantile(kept, 0.99)))


def _time_ms(client: httpx.Client, path: str, parameters: dict[str, str]) -> float:
    start = perf_counter()
    answer = client.get(path, params=parameters)
    took_ms = (perf_counter() - start) * 1000
    answer.raise_for_status()
    return took_ms
