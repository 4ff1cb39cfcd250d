"""What is kept of each part, and of those that passed just before one that is not good."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edgeinspect.core.frame import Image
from edgeinspect.core.inspection import Inspection, ModelRef
from edgeinspect.core.recipe import MOST_PARTS_BEFORE, EvidencePolicy
from edgeinspect.core.verdict import Verdict
from edgeinspect.station.packer import Draft, Packer
from edgeinspect.station.parcel import Lane, Parcel

MakeInspection = Callable[..., Inspection]
Packed = list[tuple[Inspection, list[Parcel]]]
MODEL = ModelRef(name="m", version=1, sha256="0" * 64, runtime="r")
PASS, FAIL, REVIEW = Verdict.PASS, Verdict.FAIL, Verdict.REVIEW


def image_of(number: int) -> Image:
    return np.full((8, 8, 3), number * 10 % 256, dtype=np.uint8)


def packed(
    make: MakeInspection,
    verdicts: Sequence[Verdict],
    policy: EvidencePolicy,
    image: Callable[[int], Image | None] = image_of,
) -> Packed:
    """Pack parts as the loop does, and return what is written of each, and its images."""
    packer, written = Packer(), []
    for number, verdict in enumerate(verdicts, 1):
        part = make(number, verdict=verdict, score=0.5, model=MODEL)
        needed = image(number) if policy.may_keep(verdict, number) else None
        row, *images = packer.pack(Draft(part, needed, policy))
        assert row.lane is Lane.ROWS
        assert {(each.boot, each.sequence, each.passed) for each in images} <= {
            (row.boot, number, row.passed)
        }
        written.append((Inspection.model_validate_json(row.payload), images))
    return written


def shown(written: Packed) -> dict[int, list[int]]:
    """Return for each part that has images the numbers of the parts they show."""
    number_of = {part.id: part.sequence for part, _ in written}
    return {
        part.sequence: [number_of[each.inspection or part.id] for each in part.evidence]
        for part, _ in written
        if part.evidence
    }


def test_what_passed_just_before_a_bad_part_is_kept_with_it(
    make_inspection: MakeInspection,
) -> None:
    policy = EvidencePolicy(every_nth_pass=0, parts_before=2)
    written = packed(make_inspection, [PASS, PASS, PASS, FAIL, PASS, REVIEW, REVIEW], policy)
    assert shown(written) == {4: [4, 2, 3], 6: [6, 5], 7: [7]}
    part, images = written[3]
    assert [each.kind for each in part.evidence] == ["frame", "before", "before"]
    assert part.own_images == part.evidence[:1]
    assert [each.topic.rpartition("/")[2] for each in images] == [
        each.sha256 for each in part.evidence
    ]
    assert [each.lane for each in images] == [Lane.EVIDENCE] * 3


def test_a_part_that_is_kept_anyway_is_not_kept_again_and_counts_as_one_before(
    make_inspection: MakeInspection,
) -> None:
    policy = EvidencePolicy(every_nth_pass=2, parts_before=2)
    assert shown(packed(make_inspection, [PASS] * 4 + [FAIL], policy)) == {
        2: [2],
        4: [4],
        5: [5, 3],
    }


def test_a_part_nobody_could_see_shows_what_came_before(make_inspection: MakeInspection) -> None:
    policy = EvidencePolicy(every_nth_pass=0, parts_before=3)
    written = packed(
        make_inspection,
        [PASS, PASS, REVIEW],
        policy,
        lambda number: image_of(number) if number < 3 else None,
    )
    assert shown(written) == {3: [1, 2]}
    assert written[2][0].own_images == ()


def test_equal_pictures_travel_once(make_inspection: MakeInspection) -> None:
    policy = EvidencePolicy(every_nth_pass=0, parts_before=3)
    written = packed(make_inspection, [PASS, PASS, FAIL], policy, lambda _: image_of(1))
    part, images = written[2]
    assert (len(part.evidence), len(images)) == (3, 1)


@pytest.mark.parametrize("verdict", [FAIL, REVIEW])
def test_where_a_bad_part_is_not_kept_nothing_before_it_is(
    make_inspection: MakeInspection, verdict: Verdict
) -> None:
    policy = EvidencePolicy(fails=False, reviews=False, every_nth_pass=0, parts_before=3)
    assert shown(packed(make_inspection, [PASS, verdict, PASS], policy)) == {}


def test_a_full_inspection_is_one_the_contract_takes(make_inspection: MakeInspection) -> None:
    policy = EvidencePolicy(every_nth_pass=0, parts_before=MOST_PARTS_BEFORE)
    written = packed(make_inspection, [PASS] * 20 + [FAIL], policy)
    assert shown(written) == {21: [21, *range(6, 21)]}


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    verdicts=st.lists(st.sampled_from(Verdict), max_size=40),
    nth=st.integers(0, 4),
    before=st.integers(0, MOST_PARTS_BEFORE),
    fails=st.booleans(),
)
def test_every_part_that_should_be_is_kept_and_only_once(
    make_inspection: MakeInspection,
    verdicts: list[Verdict],
    nth: int,
    before: int,
    fails: bool,
) -> None:
    policy = EvidencePolicy(fails=fails, every_nth_pass=nth, parts_before=before)
    wanted = {number for number, each in enumerate(verdicts, 1) if policy.keeps(each, number)}
    for number in tuple(wanted):
        if verdicts[number - 1] is not PASS:
            wanted |= {
                each
                for each in range(max(1, number - before), number)
                if verdicts[each - 1] is PASS
            }
    kept = [
        each
        for all_of in shown(packed(make_inspection, verdicts, policy)).values()
        for each in all_of
    ]
    assert sorted(kept) == sorted(wanted)
