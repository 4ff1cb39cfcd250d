"""The anomaly family: experts on two views of a frame, fused into one score and one map."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper
from threadpoolctl import threadpool_limits

from ..answer import ANOMALY_MAP, CLASS_MAP, SCORE
from ..graph_writer import GraphWriter
from .expert import Cells, Distances, Expert
from .features import Features
from .form import Form, Role
from .front import PRODUCER, add_front, frame_value
from .fusion import Opinion, Scale, add_fusion, fused_scores
from .known.cells import GRID_TAP, add_joined, joined_all
from .known.known import KnownDefects
from .known.learn import learn_known, weight_of
from .known.looking import Marked

FOLDS = 4


@dataclass(frozen=True, slots=True)
class AnomalyModel:
    """Taught experts with their scales, and the score of each good part by a model without it.

    Where defects are known, theirs is the last scale, and `known_scores` are those of the marked
    images by models taught without them: NaN where a class has no other example.
    """

    form: Form
    experts: tuple[Expert, ...]
    scales: tuple[Scale, ...]
    left_out_scores: NDArray[np.float32]
    known: KnownDefects | None = None
    known_scores: NDArray[np.float32] | None = None

    def scores(self, features: Features) -> NDArray[np.float32]:
        """Return the score of every image, (images,), as the graph would."""
        distances = opinions(self.form, self.experts, features)
        if self.known is not None:
            distances.append(self.known.distances(joined_all(features, self.form)))
        return fused_scores(distances, self.scales)

    def accepting(self, features: Features) -> "AnomalyModel":
        """Return a model that also takes these images for good, each as it is."""
        experts = tuple(
            expert.accepting(features[role.tap])
            for role, expert in zip(self.form.roles, self.experts, strict=True)
        )
        known = self.known and self.known.accepting(joined_all(features, self.form))
        return replace(self, experts=experts, known=known)

    def graph(self) -> onnx.ModelProto:
        """Return the whole path from frame to `score` () and `anomaly_map` (rows, columns), and to
        `class_map` (classes, rows, columns) where defects are known.
        """
        graph = GraphWriter()
        cells = add_front(graph, self.form)
        said = {}
        for role, expert, scale in zip(self.form.roles, self.experts, self.scales, strict=False):
            distances = expert.add_to(graph, cells[role.tap], role.name)
            said[role.name] = Opinion(distances, self.form.shape(role.tap), scale)
        answers: dict[str, Sequence[int]] = {SCORE: (), ANOMALY_MAP: self.form.map_shape}
        if self.known is not None:
            shape = self.form.shape(GRID_TAP)
            distances = self.known.add_to(graph, add_joined(graph, cells, self.form), shape)
            said["known"] = Opinion(distances, shape, self.scales[-1])
            answers[CLASS_MAP] = (self.known.classes, *shape)
        add_fusion(graph, said, self.form.map_shape)
        outputs = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
            for name, shape in answers.items()
        ]
        return graph.model("anomaly", PRODUCER, [frame_value(self.form)], outputs)


def learn(
    features: Features, form: Form, on_step: Callable[[int], None], marked: Marked | None = None
) -> AnomalyModel:
    """Learn what is good, and the marked defects; `on_step` hears how many of `steps_of(form)` are
    done.
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
        if marked is not None:
            return _knowing(form, experts, scales, left_out, features, marked)
    return AnomalyModel(form, experts, tuple(scales), fused_scores(left_out, scales))


def _knowing(
    form: Form,
    experts: tuple[Expert, ...],
    good_scales: list[Scale],
    left_out: list[Distances],
    features: Features,
    marked: Marked,
) -> AnomalyModel:
    """Learn the marked defects: one more opinion, that with many examples counts for as much as
    all experts on good parts together.
    """
    examples = marked.examples(form)
    taught = learn_known(features, marked.features, examples, form)
    scales = (*good_scales, Scale.of(taught.left_out, weight_of(examples) * len(form.roles)))
    said = opinions(form, experts, marked.features)
    return AnomalyModel(
        form,
        experts,
        scales,
        fused_scores([*left_out, taught.left_out], scales),
        taught.known,
        fused_scores([*said, taught.left_out_marked], scales),
    )


def opinions(form: Form, experts: Sequence[Expert], features: Features) -> list[Distances]:
    """Return the distances of every image by each expert on good parts."""
    return [
        expert.distances(features[role.tap])
        for role, expert in zip(form.roles, experts, strict=True)
    ]


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
