"""Small steps on boxes that the layouts share; all in pixels of the input."""

from onnx import TensorProto

from .graph_writer import GraphWriter


class BoxWriter:
    """Writes steps on boxes into a graph; every step's name begins with `answer.`."""

    def __init__(self, graph: GraphWriter) -> None:
        self.graph = graph

    def flat(self, source: str, shape: tuple[int, ...], name: str) -> str:
        """Drop the batch of (1, rows, columns), or see it as of that shape."""
        sides = shape[1:] if len(shape) == 3 else shape
        wanted = self.graph.integers(f"answer.{name}.shape", *sides)
        return self.graph.node("Reshape", [source, wanted], f"answer.{name}")

    def turned(self, source: str, name: str) -> str:
        """Swap rows and columns."""
        return self.graph.node("Transpose", [source], f"answer.{name}", perm=[1, 0])

    def columns(self, source: str, start: int, end: int, name: str) -> str:
        """Take the columns from `start` up to `end`."""
        limits = [
            self.graph.integers(f"answer.{name}.{word}", value)
            for word, value in (("start", start), ("end", end), ("axis", 1))
        ]
        return self.graph.node("Slice", [source, *limits], f"answer.{name}")

    def corners(self, middles: str, sizes: str) -> str:
        """Return left, top, right, bottom (n, 4) of boxes with `middles` and `sizes`, (n, 2)."""
        half = self.graph.floats("answer.half", 0.5)
        halves = self.graph.node("Mul", [sizes, half], "answer.half_size")
        low = self.graph.node("Sub", [middles, halves], "answer.low")
        high = self.graph.node("Add", [middles, halves], "answer.high")
        return self.graph.node("Concat", [low, high], "answer.corners", axis=1)

    def scaled(self, source: str, factors: list[float], name: str) -> str:
        """Multiply each column by its factor."""
        return self.graph.node(
            "Mul",
            [source, self.graph.floats(f"answer.{name}.factors", [factors])],
            f"answer.{name}",
        )

    def best(self, scores: str) -> tuple[str, str]:
        """Return the best score of each row (n, 1) and the index of its class (n, 1), a float."""
        one = self.graph.integers("answer.one", 1)
        self.graph.node("TopK", [scores, one], "answer.score", "answer.class", axis=1)
        index = self.graph.node(
            "Cast", ["answer.class"], "answer.class_index", to=TensorProto.FLOAT
        )
        return "answer.score", index
