from pathlib import Path

import numpy as np
import pytest
from quantised import quantised_from

from edgeinspect.cli.evaluation_lines import remark_lines
from edgeinspect.core.errors import DatasetError
from edgeinspect.core.judgement import Judgement
from edgeinspect.core.manifest import KnownDefects
from edgeinspect.core.recipe import Recipe
from edgeinspect.core.verdict import Verdict
from edgeinspect.datasets.doubles import Doubles
from edgeinspect.datasets.layout import GOOD, LabelledImage
from edgeinspect.models.evaluate.apart import (
    check_good_left,
    digests_of,
    kept_apart,
    taught_among,
    usable,
)
from edgeinspect.models.evaluate.choose import Wanted, choose
from edgeinspect.models.evaluate.count import count
from edgeinspect.models.evaluate.measures import RemarkKind
from edgeinspect.models.evaluate.outcome import Judged, Outcome
from edgeinspect.models.judge import ModelJudge
from edgeinspect.models.teach.cache import taught_digests
from edgeinspect.models.teach.looking import training_digest
from edgeinspect.quality.binomial import upper_bound
from edgeinspect.quality.tradeoff import Prices

WANTED = Wanted(0.02, 0.95, None)


def _outcomes(scores: np.ndarray, label: str) -> list[Outcome]:
    return [
        Outcome(LabelledImage(Path(f"{label}/{n}.png"), label), Verdict.PASS, "", Judgement(score))
        for n, score in enumerate(scores.tolist())
    ]


def test_gauges_that_are_not_counted_are_named(ring_judge: ModelJudge) -> None:
    stripe = {"from_px": [10, 60], "to_px": [130, 60], "width_px": 20}
    bar = {"name": "bar", "kind": "distance", "stripe": stripe, "unit": "px"}
    recipe = Recipe.model_validate({"gauges": [bar]})
    outcomes = _outcomes(np.linspace(0, 1, 40), GOOD)
    (remark,) = choose(outcomes, ring_judge, recipe, WANTED).remarks
    assert (remark.kind, remark.about) == (RemarkKind.GAUGES, ("bar",))
    assert [*remark_lines([remark])] == [
        "note: what these gauges of the recipe find is not in the figures, though on the line it "
        "fails parts (`edgeinspect gauge` tries them on pictures): bar"
    ]
    judged = Judged(tuple(outcomes))
    assert remark in count(judged, ring_judge, recipe).remarks
    assert choose(outcomes, ring_judge, Recipe(), WANTED).remarks == ()


def test_everything_there_is_to_choose(ring_judge: ModelJudge) -> None:
    rng = np.random.default_rng(0)
    good, dent, chip = rng.normal(2, 1, 300), rng.normal(5, 1, 40), rng.normal(9, 1, 20)
    outcomes = [*_outcomes(good, GOOD), *_outcomes(dent, "dent"), *_outcomes(chip, "chip")]
    wanted = Wanted(0.02, 0.95, Prices(50, 1, 0.02))
    found = choose(outcomes, ring_judge, Recipe(threshold=4.5), wanted)
    assert (found.good, found.bad, found.unjudged) == (300, 60, 0)
    assert found.in_force.threshold == 4.5
    assert found.in_force.overkill is not None
    assert found.in_force.overkill.events == int((good >= 4.5).sum())
    assert set(found.in_force.escape_by_class) == {"dent", "chip"}
    assert found.promised is not None and found.promised.overkill is not None
    assert found.promised.overkill.at_most == found.promise.at_most == upper_bound(1, 300, 0.95)
    assert found.promised.overkill.events == 1
    assert found.promised_of_1000 == 17
    assert found.cheapest is not None
    assert found.cheapest.cost <= wanted.prices.cost(  # type: ignore[union-attr]
        float((good >= 4.5).mean()), float((np.concatenate([dent, chip]) < 4.5).mean())
    )
    assert [(need.overkill, need.missing) for need in found.needs] == [
        (0.05, 0),
        (0.02, 0),
        (0.01, 0),
        (0.005, 298),
    ]
    assert len(found.curve) == 200


def test_the_models_threshold_is_in_force_unless_a_recipe_says_otherwise(
    ring_judge: ModelJudge,
) -> None:
    found = choose(_outcomes(np.arange(40.0), GOOD), ring_judge, Recipe(), WANTED)
    assert found.in_force.threshold == ring_judge.manifest.threshold.value
    assert (found.promise.threshold, found.promised, found.promised_of_1000) == (None, None, None)
    assert found.promise.parts_needed == 149
    assert found.in_force.escape is None and found.cheapest is None


def test_parts_in_review_are_left_out_and_counted(ring_judge: ModelJudge) -> None:
    image = LabelledImage(Path("x.png"), GOOD)
    unjudged = Outcome(image, Verdict.REVIEW)
    unplaced = Outcome(image, Verdict.REVIEW, "", Judgement(99.0, doubt="it may lie elsewhere"))
    outcomes = [*_outcomes(np.arange(9.0), GOOD), unjudged, unplaced]
    found = choose(outcomes, ring_judge, Recipe(), WANTED)
    assert (found.good, found.unjudged) == (9, 2)


def test_without_good_parts_there_is_nothing_to_choose(ring_judge: ModelJudge) -> None:
    with pytest.raises(DatasetError, match="no good part was judged"):
        choose(_outcomes(np.arange(9.0), "dent"), ring_judge, Recipe(), WANTED)


def test_all_images_it_was_taught_from_are_known_by_the_manifest(
    rings: tuple[Path, ...], ring_judge: ModelJudge
) -> None:
    images = [LabelledImage(path, GOOD) for path in reversed(rings)]
    taught = taught_among(images, digests_of(images), ring_judge.manifest, frozenset())
    assert set(taught) == set(rings)
    with pytest.raises(DatasetError, match=r"ring was taught from all good parts here \(12 images"):
        check_good_left(images, taught, "ring")
    with pytest.raises(DatasetError, match=r"ring was taught from all parts here \(12 images\)"):
        kept_apart(images, taught, "ring")
    few = images[1:]
    assert taught_among(few, digests_of(few), ring_judge.manifest, frozenset()) == ()


def test_all_images_with_marked_defects_are_known_by_the_manifest(
    rings: tuple[Path, ...], ring_judge: ModelJudge
) -> None:
    bad = [LabelledImage(path, "dent") for path in rings[:3]]
    images = [*bad, LabelledImage(rings[5], GOOD)]
    digests = digests_of(images)
    together = training_digest(each for path in rings[:3] if (each := digests[path]))
    known = KnownDefects(classes=(), images=3, sha256=together)
    manifest = ring_judge.manifest.model_copy(update={"known": known})
    assert taught_among(images, digests, manifest, frozenset()) == rings[:3]
    assert taught_among(images, digests, ring_judge.manifest, frozenset()) == ()


def test_single_images_it_was_taught_on_are_left_out_whatever_their_label(
    rings: tuple[Path, ...], ring_model: Path, ring_judge: ModelJudge, tmp_path: Path
) -> None:
    known = taught_digests(ring_model, ring_judge.ref.sha256, ring_judge.manifest)
    assert len(known) == len(rings)
    gone = LabelledImage(tmp_path / "gone.png", GOOD)
    images = [*(LabelledImage(path, GOOD) for path in rings[:3]), gone]
    images.append(LabelledImage(rings[3], "dent"))
    taught = taught_among(images, digests_of(images), ring_judge.manifest, known)
    assert taught == rings[:4]
    assert kept_apart(images, taught, "ring") == (gone,)
    check_good_left(images, taught, "ring")


def test_a_model_in_8_bits_is_known_by_the_cache_of_the_one_it_was_made_from(
    ring_model: Path, ring_judge: ModelJudge
) -> None:
    quantised = quantised_from(ring_judge.ref.sha256)
    manifest = ring_judge.manifest.model_copy(update={"quantised": quantised})
    assert len(taught_digests(ring_model.with_name("ring-8.onnx"), "0" * 64, manifest)) == 12


def test_a_cache_of_another_model_knows_nothing(
    ring_model: Path, ring_judge: ModelJudge, tmp_path: Path
) -> None:
    for model in (ring_model, tmp_path / "gone.onnx", tmp_path / "bad.onnx"):
        (tmp_path / "bad.cache").write_bytes(b"PK rubbish")
        assert taught_digests(model, "0" * 64, ring_judge.manifest) == frozenset()


def test_a_picture_counts_once_and_never_twice_taught() -> None:
    paths = [Path(f"{number}.png") for number in range(5)]
    images = [LabelledImage(path, GOOD) for path in paths]
    doubles = Doubles((), (tuple(paths[:3]),), (paths[4],))
    assert [image.path.name for image in usable(images, doubles)] == ["0.png", "3.png"]


def test_a_picture_with_two_labels_is_refused() -> None:
    doubles = Doubles(((Path("good/a.png"), Path("dent/b.png")),), (), ())
    with pytest.raises(DatasetError, match=r"good/a\.png and dent/b\.png are one picture"):
        usable([], doubles)
