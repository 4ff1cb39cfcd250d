"""What a decoder is given, and what it gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from ...core.counted import counted
from ...core.errors import ModelError
from ..box_writer import BoxWriter
from .foreign import ForeignGraph


@dataclass(frozen=True, slots=True)
class Task:
    """A network's outputs by name, the names they have in the graph, and how many classes."""

    write: BoxWriter
    network: ForeignGraph
    outputs: Mapping[str, str]
    classes: int

    def one(self, *shapes: tuple[int | None, ...]) -> tuple[str, tuple[int, ...], int]:
        """Return the first output that has one of the shapes, its shape, and which it was.

        None stands for any size. Raises ModelError when there is none.
        """
        for name, shape in self.network.outputs.items():
            for place, wanted in enumerate(shapes):
                if len(shape) == len(wanted) and all(
                    size in (None, got) for size, got in zip(wanted, shape, strict=True)
                ):
                    return self.outputs[name], shape, place
        said = ", ".join(f"{name} {shape}" for name, shape in self.network.outputs.items())
        wanted_text = " or ".join(str(shape).replace("None", "n") for shape in shapes)
        classes = counted(self.classes, "class", "classes")
        raise ModelError(
            f"answers {said}, but with {classes} this layout has {wanted_text}; "
            "declare another layout, or the classes it was taught"
        )

    def named(self, *words: str) -> Self:
        """Return the task with those outputs only whose name has one of the words, if any has."""
        wanted = [name for name in self.outputs if any(word in name.lower() for word in words)]
        return self._with(wanted) if wanted else self

    def but(self, output: str) -> Self:
        """Return the task without one output of the graph."""
        return self._with([name for name in self.outputs if self.outputs[name] != output])

    def _with(self, names: Sequence[str]) -> Self:
        shapes = {name: self.network.outputs[name] for name in names}
        network = replace(self.network, outputs=shapes)
        return replace(self, network=network, outputs={name: self.outputs[name] for name in names})
