"""What the comparison with peers is made of; no peer has to be installed."""

from collections import Counter
from itertools import groupby, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.models.peers.agreement import Agreement, agreement
from benchmarks.models.peers.entries import ENTRIES, RUNTIMES
from benchmarks.models.peers.environments import INSTALL, REQUIREMENTS
from benchmarks.models.peers.groups import Group, Measured, groups
from benchmarks.models.peers.row import Row, Times
from benchmarks.models.peers.rows import rows
from benchmarks.models.peers.table import tables
from benchmarks.models.peers.teaching import Taught
from benchmarks.models.peers.turns import spread, turns

SCRATCH = (10.0, 10.0, 50.0, 30.0, 0.8, "scratch")
DENT = (60.0, 60.0, 80.0, 80.0, 0.6, "dent")
BESIDE = (0.0, 20.0, 0.0, 40.0, 0.9, "dent")


@given(
    names=st.lists(st.text(), min_size=1, max_size=5, unique=True),
    count=st.integers(0, 40),
    block=st.integers(1, 12),
    rounds=st.integers(1, 3),
)
def test_everyone_judges_every_image_in_every_round(
    names: list[str], count: int, block: int, rounds: int
) -> None:
    asked = list(turns(names, range(count), block, rounds))
    times = Counter((name, image) for name, images in asked for image in images)
    assert times == {(name, image): rounds for name in names for image in range(count)}


def test_a_block_goes_to_all_before_the_next_one_comes_and_another_begins() -> None:
    asked = list(turns(["a", "b", "c"], range(4), 2))
    assert [name for name, _ in asked] == ["a", "b", "c", "b", "c", "a"]
    blocks = [tuple(images) for images, _ in groupby(images for _, images in asked)]
    assert blocks == [(0, 1), (2, 3)]


@given(st.integers(0, 300), st.integers(1, 300))
def test_spread_takes_as_many_as_there_are_in_their_order(total: int, count: int) -> None:
    taken = spread(range(total), count)
    assert len(taken) == min(total, count)
    assert taken == sorted(set(taken))
    gaps = {after - before for before, after in pairwise(taken)}
    assert not gaps or max(gaps) - min(gaps) <= 1


def test_times_are_summed_up() -> None:
    times = Times.of([10.0] * 95 + [30.0] * 5)
    assert (times.median_ms, times.p95_ms) == (10.0, 30.0)
    assert times.per_second == pytest.approx(1e3 / 11)


def test_the_same_boxes_agree_and_boxes_without_an_inside_do_not_count() -> None:
    near = (10.2, 10.0, 50.0, 30.1, 0.805, "scratch")
    assert agreement([[SCRATCH, DENT]], [[DENT, near, BESIDE]]) == Agreement(4, 4)


@pytest.mark.parametrize(
    "other",
    [
        (10.0, 10.0, 50.0, 30.0, 0.78, "scratch"),
        (10.0, 10.0, 50.0, 30.0, 0.8, "dent"),
        (14.0, 10.0, 54.0, 30.0, 0.8, "scratch"),
    ],
)
def test_another_score_class_or_place_is_another_box(
    other: tuple[float, float, float, float, float, str],
) -> None:
    assert agreement([[SCRATCH]], [[other]]) == Agreement(0, 2)


def test_a_box_that_is_missing_is_counted() -> None:
    assert agreement([[SCRATCH, DENT], []], [[SCRATCH], []]) == Agreement(2, 3)


def test_the_table_says_who_could_not_run_and_why() -> None:
    text = tables(
        [
            Row("anomaly", "torch", "one", "net", auroc=0.9, times=Times(10.04, 20, 99.6)),
            Row("anomaly", "torch", "other", "net", failed="it needs a download"),
            Row("detection", "torch", "third", "net", agreement=Agreement(3, 4)),
        ]
    )
    first, second = text.split("### ")[1:]
    assert "| one | net | 0.900 | 10.0 | 20.0 | 100 | – | – | – |" in first
    assert "- other (net): it needs a download" in first
    assert "| third | net | 3 of 4 |" in second
    assert "Could not run" not in second


def test_every_entry_has_a_line_in_every_runtime_though_all_failed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("benchmarks.models.peers.rows.installed_mb", lambda _: 1.0)
    came_out = [Measured(group, {}, {}, {}, {}) for group in groups(ENTRIES, "", "")]
    known = {entry.folder: Taught(failed="no disk") for entry in ENTRIES}
    lines = rows(came_out, known)
    assert len(lines) == sum(len(entry.runtimes) for entry in ENTRIES)
    assert {line.failed for line in lines} == {"no disk"}


def test_boxes_are_compared_with_those_of_ultralytics_in_onnxruntime(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("benchmarks.models.peers.rows.installed_mb", lambda _: 1.0)
    said = {"yolo": [_said(SCRATCH)], "own-detector": [_said(DENT)], "yolo-raw": [_said(None)]}
    entries = tuple(entry for entry in ENTRIES if entry.key in said)
    measured = Measured(Group("detection", "onnxruntime", entries), {}, said, {}, {})
    lines = rows([measured], {entry.folder: Taught(1.0) for entry in entries})
    assert {line.name: line.agreement for line in lines} == {
        "ultralytics predict": Agreement(2, 2),
        "raw session of its ONNX": None,
        "EdgeInspect": Agreement(0, 2),
    }


def _said(box: tuple[float, float, float, float, float, str] | None) -> dict[str, object]:
    return {"ms": 1.0, "score": 0.5, "boxes": None if box is None else [box]}


def test_every_entry_can_be_installed_and_runs_somewhere() -> None:
    for entry in ENTRIES:
        assert entry.environment in INSTALL
        assert entry.runtimes
        assert set(entry.runtimes) <= set(RUNTIMES)
    pinned = {path.stem for path in REQUIREMENTS.glob("*.txt")}
    assert pinned == set(INSTALL) - {"edgeinspect"}
