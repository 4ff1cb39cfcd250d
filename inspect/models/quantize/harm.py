"""How much each convolution alone changes a model's answers when it counts in 8 bits.

The harm is very uneven: one or two early ones, whose channels are of very different sizes, do most
of it. Leaving those as they are costs next to no time.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import onnx

from ...core.frame import Image
from ..answer import Answer
from ..progress import Steps
from ..runtime import open_session
from .convolutions import Convolution
from .ranges import Range
from .rewrite import rewritten


def harm_of(
    model: onnx.ModelProto,
    found: Sequence[Convolution],
    ranges: Mapping[str, Range],
    frames: Sequence[Image],
    threads: int,
    steps: Steps,
) -> Mapping[Convolution, float]:
    """Return how far each convolution alone, in 8 bits, moves the answers to `frames`; a frame
    that is judged is a step, each by the model as it is and with every convolution.
    """

    def answers(graph: onnx.ModelProto) -> list[Answer]:
        session = open_session(graph.SerializeToString(), threads)
        return [session.run(frame) for frame in steps.through(frames)]

    plain = answers(model)
    return {each: _change(plain, answers(rewritten(model, [each], ranges))) for each in found}


def least_harmful(harm: Mapping[Convolution, float], share: float) -> tuple[Convolution, ...]:
    """Return convolutions that together do at most `share` of all harm, those first that do least
    for their work.
    """
    ordered = sorted(harm, key=lambda each: harm[each] / each.work)
    done = np.cumsum([harm[each] for each in ordered])
    return tuple(ordered[: int(np.searchsorted(done, share * done[-1], side="right"))])


def _change(before: Sequence[Answer], after: Sequence[Answer]) -> float:
    """Return how far the answers lie apart; another number of boxes is as far as can be."""
    return float(sum(_apart(*pair) for pair in zip(before, after, strict=True)))


def _apart(before: Answer, after: Answer) -> float:
    was, now = before.outputs(), after.outputs()
    if any(was[name].shape != now[name].shape for name in was):
        return float("inf")
    return float(sum(np.square(was[name] - now[name]).mean() for name in was if was[name].size))
