"""Learning an anomaly model: its experts, what each says of parts it was not taught on, and how
they are put on one scale.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from .anomaly import AnomalyModel, opinions
from .drawn.drawn import Drawn
from .expert import Cells, Distances
from .features import Features
from .form import Form, Role
from .fusion import Scale, fused_scores
from .known.learn import learn_known, weight_of
from .known.looking import Marked

FOLDS = 4


def learn(
    features: Features,
    form: Form,
    on_step: Callable[[int], None],
    marked: Marked | None = None,
    drawn: Drawn | None = None,
) -> AnomalyModel:
    """Learn what is good, and the marked defects, and put a head that draws boxes on one scale with
    them; `on_step` hears how many of `steps_of(form)` are done.
    """
    taught, scales = [], []
    with threadpool_limits(1, "blas"):  # more threads fight over matrices as small as these
        for done, role in enumerate(form.roles, 1):
            scales.append(Scale.of(held_out(role, features[role.tap])))
            on_step(2 * done - 1)
            taught.append(role.fit(features[role.tap]))
            on_step(2 * done)
        experts = tuple(each.expert for each in taught)
        left_out = [each.left_out for each in taught]
        good = AnomalyModel(form, experts, tuple(scales), fused_scores(left_out, scales))
        return good if marked is None else _knowing(good, left_out, features, marked, drawn)


def _knowing(
    good: AnomalyModel,
    left_out: list[Distances],
    features: Features,
    marked: Marked,
    drawn: Drawn | None,
) -> AnomalyModel:
    """Learn the marked defects: one more opinion, that with many examples counts for as much as
    all experts on good parts together. The head that draws boxes is another.
    """
    examples = marked.examples(good.form)
    taught = learn_known(features, marked.features, examples, good.form)
    weight = weight_of(examples) * len(good.form.roles)
    scales = (*good.scales, Scale.of(taught.left_out, weight))
    left_out = [*left_out, taught.left_out]
    if drawn is not None:
        loudness = drawn.head.loudness(drawn.good)
        scales, left_out = (*scales, Scale.of(loudness, weight)), [*left_out, loudness]
    return replace(
        good,
        scales=scales,
        left_out_scores=fused_scores(left_out, scales),
        known=taught.known,
        known_scores=None if drawn else _without(good, marked, taught.left_out_marked, scales),
        head=drawn.head if drawn else None,
    )


def _without(
    good: AnomalyModel, marked: Marked, known: Distances, scales: Sequence[Scale]
) -> NDArray[np.float32]:
    """Return the score of each image with marks by a model that was taught without them."""
    return fused_scores([*opinions(good.form, good.experts, marked.features), known], scales)


def steps_of(form: Form) -> int:
    """Return how many steps `learn` has."""
    return 2 * len(form.roles)


def held_out(role: Role, cells: Cells) -> Distances:
    """Return the distances of every image by an expert taught on three quarters of the others.

    An expert that still learns much from a few more images finds these stranger than it should,
    and is trusted less for it: without that, Gaussians of some 20 images shout down the memory.
    """
    fold_of = np.random.default_rng(0).permutation(len(cells)) % FOLDS
    distances = np.empty(cells.shape[:2], np.float32)
    for fold in range(FOLDS):
        expert = role.fit(cells[fold_of != fold]).expert
        distances[fold_of == fold] = expert.distances(cells[fold_of == fold])
    return distances
