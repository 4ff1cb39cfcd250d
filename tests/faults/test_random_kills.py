"""Processes killed at random moments, one, two or all at once: every part is recorded once.

`EDGEINSPECT_KILL_ROUNDS=100 pytest -s tests/faults/test_random_kills.py` is the long form, with a
thousand parts for each round.
"""

import os
import random
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import pytest
from factory import Factory, Plan, factory
from postgres import running_postgres

ROUNDS = int(os.environ.get("EDGEINSPECT_KILL_ROUNDS", "10"))
IS_LONG = "EDGEINSPECT_KILL_ROUNDS" in os.environ
PARTS = 1000 * ROUNDS if IS_LONG else 1200
STATIONS = ("camera-1", "camera-2")
MOST_PAUSE_S = 1.5
SHARE_OF_BOTH = 0.2
"""Of the rounds in which what was just started again is killed in its start, too."""


@pytest.fixture(params=["sqlite-embedded", "postgresql-mosquitto"])
def plan(
    request: pytest.FixtureRequest, tmp_path: Path, free_port: Callable[[], int]
) -> Iterator[Plan]:
    """Each kind of database with a kind of broker."""
    parts = PARTS // len(STATIONS)
    if request.param == "sqlite-embedded":
        yield Plan("embedded", f"sqlite:///{tmp_path / 'records.sqlite3'}", STATIONS, parts)
        return
    with running_postgres(free_port()) as server:
        yield Plan("mosquitto", server.new_database(), STATIONS, parts)


@pytest.mark.fault
@pytest.mark.timeout(60 + 60 * ROUNDS)
def test_whatever_is_killed_every_part_is_recorded_once(
    plan: Plan, tmp_path: Path, free_port: Callable[[], int]
) -> None:
    with factory(tmp_path, plan, free_port) as made:
        _run(made, random.Random(7))
        print(made.check())


def _run(made: Factory, chance: random.Random) -> None:
    """Kill at random moments while the stations work, and wait until all is recorded."""
    started_s = monotonic()
    made.start(made.names)
    total = made.plan.parts * len(made.plan.stations)
    killed = 0
    for number in range(1, ROUNDS + 1):
        made.wait_for(round(total * (number - chance.random()) / (ROUNDS + 1)))
        killed += _kill_some(made, chance)
        if chance.random() < SHARE_OF_BOTH:
            threading.Event().wait(chance.uniform(0, MOST_PAUSE_S))
            killed += _kill_some(made, chance)
    made.wait_until_finished()
    print(f"\n{ROUNDS} rounds, {killed} processes killed, {monotonic() - started_s:.0f} s")


def _kill_some(made: Factory, chance: random.Random) -> int:
    """Kill one process or more, those that were not finished yet, and start them again."""
    victims = chance.sample(made.names, chance.choices((1, 2, len(made.names)), (6, 3, 1))[0])
    alive = made.kill(victims)
    made.start(alive)
    return len(alive)
