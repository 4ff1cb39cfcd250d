"""Serials read from codes: turned, small, faint, several at once; never a guess."""

from typing import Any

import numpy as np
import pytest
from codes import beside, picture_of

from edgeinspect.camera.serial import MAX_SIDE_PX, Reading, read_serial
from edgeinspect.core.serial import Code, SerialRules

TEXT = "EW26-000060"
EVERYWHERE = (0, 0, 480, 480)


def rules(*codes: Code, region: tuple[int, int, int, int] | None = None) -> SerialRules:
    return SerialRules(codes=codes, region_px=region)


@pytest.mark.parametrize("turn_deg", range(0, 360, 36))
@pytest.mark.parametrize("code", [Code.DATAMATRIX, Code.QR])
def test_turned_codes_are_read(code: Code, turn_deg: int) -> None:
    image = picture_of(code, TEXT, turn_deg=turn_deg)
    assert read_serial(image, rules(*Code)) == Reading(TEXT)


@pytest.mark.parametrize("turn_deg", [0, 10, 90, 180, 275])
def test_bars_are_read_along_rows_and_columns(turn_deg: int) -> None:
    image = picture_of(Code.CODE128, TEXT, module_px=2.5, turn_deg=turn_deg)
    assert read_serial(image, rules(*Code)) == Reading(TEXT)


@pytest.mark.parametrize("turn_deg", [45, 130, 220])
def test_slanting_bars_are_read_where_the_recipe_says_a_code_is(turn_deg: int) -> None:
    image = picture_of(Code.CODE128, TEXT, module_px=2, turn_deg=turn_deg)
    assert read_serial(image, rules(Code.CODE128)).serial is None
    assert read_serial(image, rules(Code.CODE128, region=EVERYWHERE)) == Reading(TEXT)


SMALL = {"module_px": 2, "noise": 6}
FAINT = {"module_px": 3, "noise": 6, "levels": (100, 140)}


@pytest.mark.parametrize("code", [Code.DATAMATRIX, Code.QR])
@pytest.mark.parametrize("seen", [SMALL, FAINT])
def test_small_and_faint_codes_are_read_in_a_region(code: Code, seen: Any) -> None:
    images = [picture_of(code, TEXT, turn_deg=turn, **seen) for turn in range(5, 360, 30)]
    at_once = sum(read_serial(each, rules(code)).serial == TEXT for each in images)
    patiently = sum(
        read_serial(each, rules(code, region=EVERYWHERE)).serial == TEXT for each in images
    )
    assert at_once <= len(images) / 2
    assert patiently >= 0.9 * len(images)


def test_codes_that_the_recipe_does_not_name_are_not_read() -> None:
    label = picture_of(Code.QR, "LOT-7")
    assert read_serial(label, rules(Code.DATAMATRIX)) == Reading(None, "no DataMatrix can be read")
    both = beside(label, picture_of(Code.DATAMATRIX, TEXT))
    assert read_serial(both, rules(Code.DATAMATRIX)) == Reading(TEXT)


def test_which_of_two_codes_is_the_serial_is_not_guessed() -> None:
    same_kind = beside(*(picture_of(Code.DATAMATRIX, text) for text in ("A-1", "A-2")))
    reading = read_serial(same_kind, rules(Code.DATAMATRIX))
    assert reading == Reading(None, "2 codes in view say different things: A-1, A-2")
    kinds = beside(picture_of(Code.DATAMATRIX, TEXT), picture_of(Code.QR, "LOT-7"))
    assert read_serial(kinds, rules(Code.DATAMATRIX, Code.QR)).serial is None
    alike = beside(picture_of(Code.DATAMATRIX, TEXT), picture_of(Code.QR, TEXT))
    assert read_serial(alike, rules(Code.DATAMATRIX, Code.QR)) == Reading(TEXT)


def test_a_region_tells_one_of_several_codes() -> None:
    pair = beside(*(picture_of(Code.DATAMATRIX, text) for text in ("A-1", "A-2")))
    right = rules(Code.DATAMATRIX, region=(480, 0, 960, 480))
    assert read_serial(pair, right) == Reading("A-2")


def test_a_region_beyond_the_frame_is_told_of() -> None:
    image = picture_of(Code.DATAMATRIX, TEXT)
    reading = read_serial(image, rules(Code.DATAMATRIX, region=(0, 0, 600, 480)))
    assert reading.serial is None
    assert reading.trouble == (
        "the region of the code ends at 600 x 480, the frame at 480 x 480 pixels"
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [("A\x02B", "what is no text: A<STX>B"), ("x" * 129, "129 characters, a serial at most 128")],
)
def test_what_is_no_serial_is_not_taken_for_one(text: str, why: str) -> None:
    reading = read_serial(picture_of(Code.DATAMATRIX, text), rules(Code.DATAMATRIX))
    assert reading.serial is None
    assert why in (reading.trouble or "")


def test_fields_of_a_gs1_code_are_kept_apart() -> None:
    fields = "(01)09501101530003(21)ABC123"
    image = picture_of(Code.DATAMATRIX, fields, gs1=True)
    assert read_serial(image, rules(Code.DATAMATRIX)) == Reading(fields)


def test_a_picture_without_a_code_has_none() -> None:
    blank = np.full((480, 640, 3), 90, np.uint8)
    reading = read_serial(blank, rules(*Code))
    assert reading == Reading(None, "no DataMatrix or QR code or Code 128 can be read")
    assert read_serial(blank, rules()) == Reading(None, "the recipe reads no code")


def test_a_picture_longer_than_the_reader_takes_has_none() -> None:
    long = np.zeros((1, MAX_SIDE_PX + 1, 3), np.uint8)
    assert read_serial(long, rules(*Code)).serial is None
