"""The anomaly family: experts on two views of a frame, fused into one score and one map."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper
from threadpoolctl import threadpool_limits

from ..graph_writer import GraphWriter
from .expert import Cells, Distances, Expert
from .features import Features
from .form import Form, Role
from .front import PRODUCER, add_front, frame_value
from .fusion import Opinion, Scale, add_fusion, fused_scores

FOLDS = 4


@dataclass(frozen=True, slots=True)
class AnomalyModel:
    """Taught experts with their scales, and the score of each good part by a model without it."""

    form: Form
    experts: tuple[Expert, ...]
    scales: tuple[Scale, ...]
    left_out_scores: NDArray[np.float32]

    def scores(self, features: Features) -> NDArray[np.float32]:
        """Return the score of every image, (images,), as the graph would."""
        distances = [
            expert.distances(features[role.tap])
            for role, expert in zip(self.form.roles, self.experts, strict=True)
        ]
        return fused_scores(distances, self.scales)

    def accepting(self, features: Features) -> "AnomalyModel":
        """Return a model that also takes these images for good, each as it is."""
        experts = tuple(
            expert.accepting(features[role.tap])
            for role, expert in zip(self.form.roles, self.experts, strict=True)
        )
        return replace(self, experts=experts)

    def graph(self) -> onnx.ModelProto:
        """Return the whole path from frame to `score` () and `anomaly_map` (rows, columns)."""
        graph = GraphWriter()
        cells = add_front(graph, self.form)
        opinions = {}
        for role, expert, scale in zip(self.form.roles, self.experts, self.scales, strict=True):
            distances = expert.add_to(graph, cells[role.tap], role.name)
            opinions[role.name] = Opinion(distances, self.form.shape(role.tap), scale)
        add_fusion(graph, opinions, self.form.map_shape)
        outputs = [
            helper.make_tensor_value_info("score", TensorProto.FLOAT, []),
            helper.make_tensor_value_info("anomaly_map", TensorProto.FLOAT, self.form.map_shape),
        ]
        return graph.model("anomaly", PRODUCER, [frame_value(self.form)], outputs)


def learn(features: Features, form: Form, on_step: Callable[[int], None]) -> AnomalyModel:
    """Learn what is good; `on_step` hears how many of `steps_of(form)` are done."""
    taught, scales = [], []
    with threadpool_limits(1, "blas"):  # more threads fight over matrices as small as these
        for done, role in enumerate(form.roles, 1):
            scales.append(Scale.of(held_out(role, features[role.tap])))
            on_step(2 * done - 1)
            taught.append(role.fit(features[role.tap]))
            on_step(2 * done)
    scores = fused_scores([each.left_out for each in taught], scales)
    return AnomalyModel(form, tuple(each.expert for each in taught), tuple(scales), scores)


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
