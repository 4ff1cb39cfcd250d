"""What the numbers inside a graph become on a product's own good parts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from ...core.frame import Image
from ..runtime import inference_session


@dataclass(frozen=True, slots=True)
class Range:
    """From the least to the greatest number, zero between them; and the mean of each channel."""

    least: float
    greatest: float
    means: tuple[float, ...]

    @classmethod
    def of(cls, values: NDArray[np.float32]) -> Self:
        """Return the range of (images, channels, ...) values."""
        means = np.moveaxis(values, 1, 0).reshape(values.shape[1], -1).mean(axis=1)
        return cls(min(0.0, float(values.min())), max(0.0, float(values.max())), (*means.tolist(),))

    @classmethod
    def over(cls, frames: Sequence[Self]) -> Self:
        """Return the range over several frames of one size."""
        means = np.mean([frame.means for frame in frames], axis=0)
        return cls(
            least=min(frame.least for frame in frames),
            greatest=max(frame.greatest for frame in frames),
            means=(*means.tolist(),),
        )


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
    seen: dict[str, list[Range]] = {name: [] for name in names}
    for frame in frames:
        outputs = session.run(list(names), {"frame": frame})
        for name, values in zip(names, outputs, strict=True):
            seen[name].append(Range.of(values))
    return {name: Range.over(each) for name, each in seen.items()}
