"""What the graph of each family of models may hold, answer and cost."""

from dataclasses import dataclass

from .answer import ANOMALY_MAP, BOXES, CLASS_MAP, SCORE

ANOMALY_OPERATORS = frozenset(
    {
        *("Add", "Cast", "Clip", "Conv", "Div", "Gather", "Identity", "MatMul", "Max", "Mul"),
        *("Pow", "ReduceL2", "ReduceMean", "ReduceMin", "ReduceSumSquare", "Relu", "Reshape"),
        *("Sqrt", "Sub", "TopK", "Transpose", "Unsqueeze"),
    }
)
"""All an anomaly model needs; none of them loops, reads a file or makes its own size up."""
NETWORK_OPERATORS = ANOMALY_OPERATORS | frozenset(
    {
        *("And", "ArgMax", "AveragePool", "BatchNormalization", "Concat", "ConvTranspose", "Cos"),
        *("DepthToSpace", "Elu", "Equal", "Erf", "Exp", "Expand", "Flatten", "Floor"),
        *("GatherElements", "GatherND", "Gelu", "Gemm", "GlobalAveragePool", "Greater"),
        *("GridSample", "GroupNormalization", "HardSigmoid", "HardSwish", "InstanceNormalization"),
        *("LayerNormalization", "LeakyRelu", "Less", "Log", "MaxPool", "Min", "Mish", "Mod", "Neg"),
        *("NonMaxSuppression", "Not", "Or", "PRelu", "Pad", "Reciprocal", "ReduceMax", "ReduceSum"),
        *("Resize", "Sigmoid", "Sin", "Slice", "Softmax", "Softplus", "SpaceToDepth", "Split"),
        *("Squeeze", "Tanh", "Tile", "Where"),
    }
)
"""What detectors and classifiers of the field need beyond that; nothing loops or reads a file,
and a step whose size is not fixed is refused, but for the choice of boxes, which has a bound."""


@dataclass(frozen=True, slots=True)
class Family:
    """Limits of one family; numbers are held in memory, work is in multiplications of one run."""

    operators: frozenset[str]
    answers: tuple[str, ...]
    most_nodes: int
    most_numbers: int
    most_numbers_in_all: int
    most_work: int


ANOMALY = Family(
    operators=ANOMALY_OPERATORS,
    answers=(SCORE, ANOMALY_MAP),
    most_nodes=1000,  # ours have 186
    most_numbers=2**24,  # the largest step of ours holds a tenth of it
    most_numbers_in_all=3 * 2**24,  # ours hold 21 million
    most_work=2**31,  # about half a second of a small box; ours take 488 million
)
DETECTOR = Family(
    operators=NETWORK_OPERATORS,
    answers=(SCORE, BOXES),
    most_nodes=4000,
    most_numbers=2**25,
    most_numbers_in_all=2**29,
    most_work=2**35,
)
CLASSIFIER = Family(
    operators=NETWORK_OPERATORS,
    answers=(SCORE, CLASS_MAP),
    most_nodes=4000,
    most_numbers=2**25,
    most_numbers_in_all=2**29,
    most_work=2**35,
)
FAMILIES = {"anomaly": ANOMALY, "detector": DETECTOR, "classifier": CLASSIFIER}
