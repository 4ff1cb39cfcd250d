"""What keeps several connections away is said once, and again when it has been over."""

import pytest

from edgeinspect.messaging.trouble import Told, Trouble

AWAY, WRONG = "broker: cannot be reached.", "broker: the password is wrong."


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    said = [each.getMessage() for each in caplog.records]
    caplog.clear()
    return said


def test_what_ails_all_connections_is_said_by_the_first(caplog: pytest.LogCaptureFixture) -> None:
    told = Told()
    rows, images, state = (Trouble(name, told=told) for name in ("rows", "images", "state"))
    for each in (rows, images, state, rows):
        each.begin()
        each.explain(AWAY)
    assert lines(caplog) == [f"rows: {AWAY} It is tried again until it works."]
    assert {each.sentence for each in (rows, images, state)} == {AWAY}
    for each in (images, rows, state):
        each.begin()
        each.explain(WRONG)
    assert lines(caplog) == [f"images: {WRONG} It is tried again until it works."]


def test_what_comes_back_is_said_again_when_no_connection_has_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    told = Told()
    rows, images = (Trouble(name, told=told) for name in ("rows", "images"))
    for each in (rows, images):
        each.note(AWAY)
    rows.end()
    rows.note(AWAY)
    assert len(lines(caplog)) == 1
    for each in (rows, images):
        each.end()
    rows.note(AWAY)
    assert lines(caplog) == [f"rows: {AWAY} It is tried again until it works."]


def test_a_connection_that_was_closed_keeps_nobody_quiet(
    caplog: pytest.LogCaptureFixture,
) -> None:
    told = Told()
    first, second = Trouble("first", told=told), Trouble("second", told=told)
    first.note(AWAY)
    first.close()
    assert first.sentence == AWAY
    second.note(AWAY)
    assert len(lines(caplog)) == 2


def test_a_quiet_one_says_nothing_and_keeps_nobody_quiet(caplog: pytest.LogCaptureFixture) -> None:
    told = Told()
    quiet, loud = Trouble("quiet", quiet=True, told=told), Trouble("loud", told=told)
    quiet.note(AWAY)
    loud.note(AWAY)
    assert quiet.sentence == AWAY
    assert lines(caplog) == [f"loud: {AWAY} It is tried again until it works."]
