"""Model files in words; what a file says of itself may be anyone's, and is shown plainly."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from rich.text import Text

from ..core.counted import counted
from .quantizing import quantised_sentence
from .tables import threshold_sentence
from .terminal import plain

if TYPE_CHECKING:
    from ..core.manifest import ModelManifest
    from ..core.region import Region
    from ..core.upright import Uprighting
    from ..models.describe import ModelOutline
    from ..models.diff import ModelDiff
    from ..models.signature import Signature
    from ..models.verify import Verified

Pairs = Iterable[tuple[str, str]]


def outline_lines(outline: "ModelOutline") -> Iterator[Text]:
    """Return what a model file says of itself."""
    manifest, graph = outline.manifest, outline.graph
    operators = ", ".join(f"{count} {name}" for name, count in graph.operators.items())
    yield from _lines(
        (
            ("model", f"{manifest.name}, version {manifest.version}, {manifest.family}"),
            ("identity", outline.sha256),
            ("signature", _signed(outline.signature)),
            *_teaching(outline),
            (
                "graph",
                f"{counted(graph.steps, 'step')}, {counted(graph.weights, 'weight')}: {operators}",
            ),
            ("references", str(outline.references)),
            ("size", f"{outline.size_bytes / 1e6:.1f} MB"),
        )
    )


def _teaching(outline: "ModelOutline") -> Iterator[tuple[str, str]]:
    manifest = outline.manifest
    frames = manifest.taught_frames
    yield "taught", f"{manifest.created_at:%Y-%m-%d %H:%M %Z} by {manifest.created_by}"
    yield "with", manifest.made_with
    yield "from", f"{_images(manifest.training_images)}, digest {manifest.training_sha256}"
    yield (
        "frames",
        f"{frames.min_width_px} to {frames.max_width_px} px wide, {frames.min_height_px} to "
        f"{frames.max_height_px} px high, {'grey' if frames.grey else 'in colour'}",
    )
    yield from _additions(manifest)
    yield from _marked(manifest)
    yield "input", f"{manifest.input_width_px} x {manifest.input_height_px} px, {manifest.resize}"
    yield "region", _region(manifest.region)
    yield "placed", _placed(manifest.upright)
    yield "classes", ", ".join(manifest.classes) or "-"
    yield "threshold", threshold_sentence(manifest.threshold).removeprefix("threshold ")
    yield "set", manifest.threshold.method
    if manifest.quantised is not None:
        yield "quantised", quantised_sentence(manifest.quantised)
        yield "made of", manifest.quantised.from_sha256
    for licence in manifest.licences:
        yield "licence", f"{licence.licence}, {licence.weights}, {licence.source}"


def _additions(manifest: "ModelManifest") -> Iterator[tuple[str, str]]:
    for each in manifest.additions:
        when = f"{each.added_at:%Y-%m-%d %H:%M %Z}"
        yield "added", f"{_images(each.images)}, {when} by {each.added_by}"


def _marked(manifest: "ModelManifest") -> Iterator[tuple[str, str]]:
    known = manifest.known
    if known is None:
        return
    classes = ", ".join(f"{each.examples} {each.name}" for each in known.classes)
    yield "marked", f"{classes}, in {_images(known.images)}"
    if manifest.findings == "boxed-map/1":
        yield "boxes", "draws them around defects of these classes"


def _images(number: int) -> str:
    return counted(number, "image")


def _region(region: "Region | None") -> str:
    if region is None:
        return "the whole frame"
    corners = " ".join(f"{right},{down}" for right, down in region.corners_px)
    return f"{corners}, in frames of {region.frame_width_px} x {region.frame_height_px} px"


def _placed(upright: "Uprighting | None") -> str:
    if upright is None:
        return "as it lies"
    return "the part, turned upright" if upright.turns else "the part, centred"


def verified_lines(verified: "Verified") -> Iterator[Text]:
    """Return what was checked of a model, and how it came out."""
    trust = "signed by a trusted key" if verified.trusted else "not asked, no key was named"
    proof = (
        f"{counted(verified.references, 'reference')} answered as recorded, the score to "
        f"{verified.tolerance:.1%} of the threshold, by {verified.runtime}"
    )
    yield from _lines(
        (
            ("file", "whole, as it was made, and of permitted steps"),
            ("identity", verified.sha256),
            ("signature", _signed(verified.signature)),
            ("trust", trust),
            ("proof", proof),
        )
    )


def diff_lines(diff: "ModelDiff") -> Iterator[Text]:
    """Return what tells two models apart, a line for each side of each change."""
    if diff.same:
        yield Text(f"the same model, {diff.first}")
    else:
        yield from _lines((("first", diff.first), ("second", diff.second)))
    for change in diff.changes:
        yield Text(plain(change.what), "bold")
        yield from _lines((("  first", _word(change.first)), ("  second", _word(change.second))))


def _signed(signature: "Signature | None") -> str:
    if signature is None:
        return "nobody signed it"
    return (
        f"by {signature.signed_by}, {signature.signed_at:%Y-%m-%d %H:%M %Z}, "
        f"key {signature.public_key}"
    )


def _lines(pairs: Pairs) -> Iterator[Text]:
    for name, value in pairs:
        yield Text.assemble((f"{name:<12}", "dim"), plain(value))


def _word(value: Any) -> str:
    return "-" if value is None else str(value)
