"""Gauges and the calibration of a recipe: read whole, or refused in a sentence."""

from pathlib import Path

import pytest

from edgeinspect.core.errors import SettingsError
from edgeinspect.core.gauge import MOST_GAUGES
from edgeinspect.core.recipe import Recipe
from edgeinspect.settings.recipe_file import load_recipe, write_calibration, write_recipe

BORE = """
[[gauges]]
name = "{name}"
kind = "circle"
centre_px = [320, 240]
radius_px = 60
search_px = 15
nominal = 12.0
below = 0.05
{more}
"""

COUNTED = "[gate]\ndelay_counts = 100\nhold_counts = 20\n"


def bore(name: str = "bore", more: str = "") -> str:
    return BORE.format(name=name, more=more)


def recipe_of(folder: Path, text: str) -> Recipe:
    path = folder / "recipe.toml"
    path.write_text(text, encoding="utf-8")
    return load_recipe(path)


def test_a_recipe_names_a_calibration_or_holds_it(tmp_path: Path) -> None:
    held = recipe_of(tmp_path, "[calibration]\nmm_per_px = 0.05\n" + bore())
    assert held.calibration is not None
    write_calibration(tmp_path / "line1.toml", held.calibration)
    named = recipe_of(tmp_path, 'calibration = "line1.toml"\n' + bore())
    assert named == held
    assert named.ref.sha256 == held.ref.sha256
    assert (named.gauges[0].low, named.gauges[0].high) == (11.95, None)
    write_recipe(tmp_path / "new.toml", named, "why")
    assert load_recipe(tmp_path / "new.toml") == named


def test_another_calibration_is_another_recipe(tmp_path: Path) -> None:
    one, other = (
        recipe_of(tmp_path, f"[calibration]\nmm_per_px = {each}\n") for each in (0.05, 0.051)
    )
    assert one.ref.sha256 != other.ref.sha256


def test_a_gate_is_timed_by_time_or_by_counts(tmp_path: Path) -> None:
    timed = recipe_of(tmp_path, "[gate]\ndelay_ms = 100\n")
    assert (timed.gate.is_timed, timed.gate.by_count) == (True, False)
    counted = recipe_of(tmp_path, COUNTED)
    assert (counted.gate.is_timed, counted.gate.by_count) == (True, True)
    assert not Recipe().gate.is_timed
    write_recipe(tmp_path / "new.toml", counted, "why")
    assert load_recipe(tmp_path / "new.toml") == counted


def test_what_recipes_said_before_is_still_read(tmp_path: Path) -> None:
    recipe = recipe_of(tmp_path, "mm_per_px = 0.05\n")
    assert recipe.calibration is not None
    assert recipe.calibration.mm_per_px == 0.05


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("read_serial = true", ""),
        ("read_serial = false", "[serial]\ncodes = []"),
        ("unread_serial = true", '[serial]\nunread = "review"'),
        ("read_serial = false\nunread_serial = true", '[serial]\ncodes = []\nunread = "review"'),
    ],
)
def test_what_recipes_said_of_serials_before_is_still_read(
    tmp_path: Path, old: str, new: str
) -> None:
    assert recipe_of(tmp_path, old) == recipe_of(tmp_path, new)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("read_serial = true\n[serial]\ncodes = []\n", "say the same; leave read_serial out"),
        ('read_serial = "no"\n', "read_serial is true or false"),
        ('[serial]\ncodes = ["ean13"]\n', "datamatrix"),
        ('[serial]\ncodes = ["qr", "qr"]\n', "codes names one twice"),
        ("[serial]\nregion_px = [100, 20, 40, 80]\n", "region_px is left, top, right, bottom"),
        (bore(), "gauge bore is in mm, and the recipe has no calibration; name one, or give the"),
        ("mm_per_px = 1\n[calibration]\nmm_per_px = 1\n", "say the same; leave mm_per_px out"),
        ("mm_per_px = 1\n" + bore() * 2, "two gauges are called bore; give each a name"),
        ("mm_per_px = 1\n" + "".join(map(bore, map("g{}".format, range(65)))), str(MOST_GAUGES)),
        ("mm_per_px = 1\n" + bore(more="radius = 3"), "unknown key gauges.0.circle.radius"),
        (
            "mm_per_px = 1\n" + bore().replace("nominal = 12.0", ""),
            "below and above need a nominal",
        ),
        ("[gate]\ndelay_counts = 100\n", "delay_counts and hold_counts belong together"),
        ("[gate]\nhold_counts = 100\n", "name both, or neither"),
        (COUNTED + "delay_ms = 100\n", "say the same; leave one pair out"),
        (COUNTED + "hold_ms = 100\n", "say the same; leave one pair out"),
        ('calibration = "gone.toml"', "not a readable calibration"),
        ("mm_per_px = 0\n", "greater than 0"),
    ],
)
def test_what_cannot_be_used_is_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match="toml") as refused:
        recipe_of(tmp_path, text)
    assert said in str(refused.value)
