"""How large the numbers inside a graph become on a product's own good parts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from ...core.frame import Image
from ..runtime import inference_session


@dataclass(frozen=True, slots=True)
class Range:
    """From the least to the greatest number; zero lies in it."""

    least: float
    greatest: float

    @classmethod
    def of(cls, values: NDArray[np.float32]) -> "Range":
        """Return the range of some values."""
        return cls(min(0.0, float(values.min())), max(0.0, float(values.max())))

    def __or__(self, other: "Range") -> "Range":
        return Range(min(self.least, other.least), max(self.greatest, other.greatest))


def ranges_of(
    model: onnx.ModelProto, names: Sequence[str], frames: Iterable[Image], threads: int
) -> Mapping[str, Range]:
    """Run `model` on frames of its input's size and return the range of each named number."""
    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    del watched.graph.output[:]
    watched.graph.output.extend(
        helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names
    )
    session = inference_session(watched.SerializeToString(), threads)
    ranges: dict[str, Range] = {}
    for frame in frames:
        outputs = session.run(list(names), {"frame": frame})
        seen = {name: Range.of(each) for name, each in zip(names, outputs, strict=True)}
        ranges = {name: ranges.get(name, each) | each for name, each in seen.items()}
    return ranges
