"""Turns a model into one that counts in 8 bits while a person watches."""

from pathlib import Path

from ..core.manifest import ModelManifest, Quantised
from .tables import percent
from .terminal import err, progress


def quantize_model(
    model: Path, folder: Path, output: Path, most_loss: float, threads: int
) -> ModelManifest:
    """Write `model` to `output` in 8 bits, measured on the parts of `folder`; return its manifest.

    Raises ModelError when it loses more than `most_loss` of image AUROC, DatasetError for a
    folder or image that cannot be used.
    """
    from ..models.quantize.quantize import quantize
    from ..models.quantize.trial import good_parts_of

    good = good_parts_of(folder)
    err.print(f"measuring on the parts of {folder}", markup=False)
    with progress("quantizing") as on_progress:
        return quantize(
            model,
            folder,
            good,
            output,
            most_loss=most_loss,
            threads=threads,
            on_progress=on_progress,
        )


def quantised_sentence(quantised: Quantised) -> str:
    """Return what was gained at which loss, in words."""
    lost = quantised.auroc_before - quantised.auroc_after
    change = f"loses {percent(round(lost, 5))}" if lost > 0 else "loses nothing"
    return (
        f"{quantised.convolutions} of {quantised.of_convolutions} convolutions in 8 bits; image "
        f"AUROC {quantised.auroc_before:.4f} before, {quantised.auroc_after:.4f} after ({change}), "
        f"measured on {quantised.measured_on}"
    )
