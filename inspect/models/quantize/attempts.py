"""The graphs in 8 bits that are tried, one after the other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import onnx

from ...core.frame import Image
from ...core.manifest import ModelManifest
from ...datasets.images import read_image
from ..file import ModelFile
from ..graph_check import check_graph
from ..placement import place
from ..progress import Steps
from ..runtime import Session, open_session
from .convolutions import Convolution, convolutions, rounded_at_both_ends, rounded_by
from .harm import harm_of, least_harmful
from .ranges import ranges_of
from .rewrite import rewritten
from .trial import Trial, Tried

MOST_CALIBRATED = 32
"""Good parts whose numbers are looked at; more were not seen to change the ranges."""
HARM_DONE = (1 / 2, 1 / 4, 1 / 15, 1 / 60)
"""The share of all harm that the convolutions in 8 bits may do, tried in this order."""
HARM_SEEN_ON = 4
"""Good parts; which convolutions harm most is much the same for all."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One graph that was tried, and how many of its convolutions count in 8 bits."""

    graph: onnx.ModelProto
    session: Session
    chosen: int
    of: int
    tried: Tried


def attempts(
    file: ModelFile, trial: Trial, good: Sequence[Path], threads: int, steps: Steps
) -> Iterator[Attempt]:
    """Try the graph with more and more of its convolutions left as they are, the worst first."""
    model = onnx.load_model_from_string(file.graph)
    found = convolutions(model)
    frames = _Frames(spread(good, MOST_CALIBRATED), file.manifest)
    few = _Frames(spread(good, HARM_SEEN_ON), file.manifest)
    # As many as one attempt takes, which is the rule; another one adds its own.
    steps.add(len(frames) + (1 + len(found)) * len(few) + len(trial))
    return _each_attempt(file, trial, _Seen(model, found, frames, few), threads, steps)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A graph, its convolutions, and the frames that tell their ranges and their harm."""

    model: onnx.ModelProto
    found: Sequence[Convolution]
    frames: "_Frames"
    few: "_Frames"


def _each_attempt(
    file: ModelFile, trial: Trial, seen: _Seen, threads: int, steps: Steps
) -> Iterator[Attempt]:
    model, found = seen.model, seen.found
    names = sorted(rounded_by(found))
    ranges = ranges_of(model, names, steps.through(seen.frames), threads)
    harm = harm_of(model, found, ranges, list(seen.few), threads, steps)
    for number, share in enumerate(HARM_DONE):
        if number:
            steps.add(len(trial))
        chosen = rounded_at_both_ends(least_harmful(harm, share))
        graph = rewritten(model, chosen, ranges)
        check_graph(graph, file.manifest)
        session = open_session(graph.SerializeToString(deterministic=True), threads)
        tried = trial.run(session, file.manifest, steps.take)
        yield Attempt(graph, session, len(chosen), len(found), tried)


def spread(paths: Sequence[Path], most: int) -> Sequence[Path]:
    """Return at most so many of the paths, spread evenly over them."""
    return paths[:: -(-len(paths) // most)]


@dataclass(frozen=True, slots=True)
class _Frames:
    """Parts laid into the model's input, one after the other."""

    paths: Sequence[Path]
    manifest: ModelManifest

    def __len__(self) -> int:
        return len(self.paths)

    def __iter__(self) -> Iterator[Image]:
        return (place(read_image(path), self.manifest).pixels for path in self.paths)
