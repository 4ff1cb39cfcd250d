"""The anomaly family: experts on two views of a frame, fused into one score and one map."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from ..answer import ANOMALY_MAP, BOXES, CLASS_MAP, SCORE
from ..graph_writer import GraphWriter
from .drawn.head import BoxHead, Loudest
from .drawn.head_graph import add_drawn_boxes, add_head, drawn_shape
from .expert import Distances, Expert
from .features import Features
from .form import Form
from .front import PRODUCER, add_front, frame_value
from .fusion import Opinion, Scale, add_fusion, fused_scores
from .known.cells import GRID_TAP, add_joined, joined_all
from .known.known import KnownDefects


@dataclass(frozen=True, slots=True)
class AnomalyModel:
    """Taught experts with their scales, and the score of each good part by a model without it.

    Where defects are known, theirs is the next scale, and `known_scores` are those of the marked
    images by models taught without them: NaN where there are none. The last scale is that of the
    head that draws boxes, where there is one.
    """

    form: Form
    experts: tuple[Expert, ...]
    scales: tuple[Scale, ...]
    left_out_scores: NDArray[np.float32]
    known: KnownDefects | None = None
    known_scores: NDArray[np.float32] | None = None
    head: BoxHead | None = None

    def scores(self, features: Features) -> NDArray[np.float32]:
        """Return the score of every image, (images,), as the graph would; without boxes."""
        distances = opinions(self.form, self.experts, features)
        if self.known is not None:
            distances.append(self.known.distances(joined_all(features, self.form)))
        return fused_scores(distances, self.scales)

    def accepting(self, features: Features, loudest: Loudest | None = None) -> "AnomalyModel":
        """Return a model that also takes these images for good, each as it is; `loudest` are their
        loudest cells, where boxes are drawn.
        """
        experts = tuple(
            expert.accepting(features[role.tap])
            for role, expert in zip(self.form.roles, self.experts, strict=True)
        )
        known = self.known and self.known.accepting(joined_all(features, self.form))
        head = self.head.accepting(loudest) if self.head and loudest else self.head
        return replace(self, experts=experts, known=known, head=head)

    def graph(self, threshold: float) -> onnx.ModelProto:
        """Return the whole path from frame to `score` () and `anomaly_map` (rows, columns), to
        `class_map` (classes, rows, columns) where defects are known, and to `boxes` (n, 6) where
        they are drawn, whose scores are made to fit the `threshold`.
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
            said["known"] = Opinion(distances, shape, self.scales[len(self.experts)])
            answers[CLASS_MAP] = (self.known.classes, *shape)
        told = add_head(graph, self.head, self.form) if self.head else None
        if told is not None:
            said["drawn"] = Opinion(told.loudness, drawn_shape(self.form), self.scales[-1])
        add_fusion(graph, said, self.form.map_shape)
        if told is not None:
            spread = self.scales[-1].spread
            answers[BOXES] = (add_drawn_boxes(graph, told, threshold, spread, self.form), 6)
        outputs = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
            for name, shape in answers.items()
        ]
        return graph.model("anomaly", PRODUCER, [frame_value(self.form)], outputs)


def opinions(form: Form, experts: Sequence[Expert], features: Features) -> list[Distances]:
    """Return the distances of every image by each expert on good parts."""
    return [
        expert.distances(features[role.tap])
        for role, expert in zip(form.roles, experts, strict=True)
    ]
