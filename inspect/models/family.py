"""What the graph of each family of models may hold and answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from .answer import ANOMALY_MAP, BOXES, CLASS_MAP, SCORE

ANOMALY_OPERATORS = frozenset(
    {
        *("Add", "AveragePool", "Cast", "Clip", "Concat", "Conv", "DepthToSpace"),
        *("Div", "Exp", "Gather", "Identity"),
        *("MatMul", "Max", "Mul", "NonMaxSuppression", "Pow"),
        *("ReduceL2", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceSumSquare"),
        *("Relu", "Reshape", "Resize", "Slice", "Sqrt", "Sub", "TopK", "Transpose", "Unsqueeze"),
    }
)
"""All an anomaly model needs; none of them loops, reads a file or makes its own size up,
but for the choice among boxes, which has a bound."""
NETWORK_OPERATORS = ANOMALY_OPERATORS | frozenset(
    {
        *("And", "ArgMax", "BatchNormalization", "ConvTranspose", "Cos"),
        *("Elu", "Equal", "Erf", "Expand", "Flatten", "Floor"),
        *("GatherElements", "GatherND", "Gelu", "Gemm", "GlobalAveragePool", "Greater"),
        *("GridSample", "GroupNormalization", "HardSigmoid", "HardSwish", "InstanceNormalization"),
        *("LayerNormalization", "LeakyRelu", "Less", "Log", "MaxPool", "Min", "Mish", "Mod", "Neg"),
        *("Not", "Or", "PRelu", "Pad", "Reciprocal", "ReduceSum"),
        *("Sigmoid", "Sin", "Softmax", "Softplus", "SpaceToDepth", "Split", "Squeeze"),
        *("Tanh", "Tile", "Where", "Xor"),
    }
)
"""What detectors and classifiers of the field need beyond that. None loops or reads a file; a step
whose size is not fixed is refused, but for the choice among boxes, which has a bound."""


@dataclass(frozen=True, slots=True)
class Family:
    """The steps a graph may have, how many of them, and the functions that make its answers
    findings.
    """

    operators: frozenset[str]
    most_nodes: int
    findings: frozenset[str]


FAMILIES = {
    "anomaly": Family(
        ANOMALY_OPERATORS, 1000, frozenset({"anomaly-map/1", "named-map/1", "boxed-map/1"})
    ),
    "detector": Family(NETWORK_OPERATORS, 4000, frozenset({"boxes/1"})),
    "classifier": Family(NETWORK_OPERATORS, 4000, frozenset({"classes/1"})),
}
"""An anomaly model of ours has some 190 steps, a YOLO 360, an RT-DETR 1,000."""

ANSWERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "anomaly-map/1": (SCORE, ANOMALY_MAP),
        "named-map/1": (SCORE, ANOMALY_MAP, CLASS_MAP),
        "boxed-map/1": (SCORE, ANOMALY_MAP, CLASS_MAP, BOXES),
        "boxes/1": (SCORE, BOXES),
        "classes/1": (SCORE, CLASS_MAP),
    }
)
"""What a graph answers, in this order, by the function that makes findings of it."""
