"""What an export's rows and columns are; units stand in the names."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from ...core.inspection import Inspection

Cells = list[Any]


class Kind(StrEnum):
    """What a column holds; every column may be empty."""

    TEXT = "text"
    WHOLE = "whole number"
    NUMBER = "number"
    MOMENT = "moment"


class Rows(StrEnum):
    """What a row of an export is."""

    INSPECTIONS = "inspections"
    FINDINGS = "findings"
    MEASUREMENTS = "measurements"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, with the unit where it has one, and how a cell of it is found.

    `of` is given the inspection, when it was recorded, and the finding or measurement.
    """

    name: str
    kind: Kind
    of: Callable[[Inspection, datetime, Any], Any]


def columns_of(rows: Rows) -> tuple[Column, ...]:
    """Return the columns of an export."""
    return {
        Rows.INSPECTIONS: _INSPECTION,
        Rows.FINDINGS: (*_WHERE, *_FINDING),
        Rows.MEASUREMENTS: (*_WHERE, *_MEASUREMENT),
    }[rows]


def rows_of(
    rows: Rows, class_name: str | None, recorded: Iterable[tuple[Inspection, datetime]]
) -> Iterator[list[Cells]]:
    """Give, for each inspection, its rows; of findings only those of a class that was asked for."""
    columns = columns_of(rows)
    for inspection, recorded_at in recorded:
        yield [
            [column.of(inspection, recorded_at, one) for column in columns]
            for one in _each(rows, inspection, class_name)
        ]


def _each(rows: Rows, inspection: Inspection, class_name: str | None) -> Iterable[Any]:
    if rows is Rows.INSPECTIONS:
        return (None,)
    if rows is Rows.MEASUREMENTS:
        return inspection.measurements
    return (each for each in inspection.findings if class_name in (None, each.class_name))


def _text(name: str, of: Callable[[Inspection], Any]) -> Column:
    return Column(name, Kind.TEXT, lambda inspection, _at, _one: of(inspection))


def _number(name: str, of: Callable[[Inspection], Any], kind: Kind = Kind.NUMBER) -> Column:
    return Column(name, kind, lambda inspection, _at, _one: of(inspection))


def _own(name: str, kind: Kind, of: Callable[[Any], Any]) -> Column:
    return Column(name, kind, lambda _inspection, _at, one: of(one))


def _joined(texts: Iterable[str]) -> str | None:
    return "; ".join(texts) or None


_CAPTURED = Column(
    "captured_at_utc", Kind.MOMENT, lambda inspection, _at, _one: inspection.captured_at
)
_WHERE = (
    _text("inspection_id", lambda i: str(i.id)),
    _CAPTURED,
    _text("site", lambda i: i.site),
    _text("line", lambda i: i.line),
    _text("station", lambda i: i.station),
    _text("part_id", lambda i: i.part_id),
    _text("serial", lambda i: i.context.serial),
    _text("lot", lambda i: i.context.lot),
    _text("purpose", lambda i: i.purpose.value),
    _text("verdict", lambda i: i.verdict.value),
)
_INSPECTION = (
    *_WHERE,
    Column("recorded_at_utc", Kind.MOMENT, lambda _inspection, at, _one: at),
    _text("boot", lambda i: str(i.boot)),
    _number("sequence", lambda i: i.sequence, Kind.WHOLE),
    _text("reasons", lambda i: _joined(reason.code for reason in i.reasons)),
    _number("score", lambda i: i.score),
    _number("threshold", lambda i: i.threshold),
    _number("threshold_suggested", lambda i: i.threshold_suggested),
    _number("findings", lambda i: len(i.findings), Kind.WHOLE),
    _text("classes", lambda i: _joined(sorted({each.class_name for each in i.findings}))),
    _text("material_lots", lambda i: _joined(i.context.material_lots)),
    _text("step", lambda i: i.context.step),
    _text("machine", lambda i: i.context.machine),
    _text("operator", lambda i: i.context.operator),
    _text("shift", lambda i: i.context.shift),
    _text("order", lambda i: i.context.order),
    _text("recipe", lambda i: i.recipe and i.recipe.name),
    _number("recipe_version", lambda i: i.recipe and i.recipe.version, Kind.WHOLE),
    _text("recipe_sha256", lambda i: i.recipe and i.recipe.sha256),
    _text("model", lambda i: i.model and i.model.name),
    _number("model_version", lambda i: i.model and i.model.version, Kind.WHOLE),
    _text("model_sha256", lambda i: i.model and i.model.sha256),
    _text("runtime", lambda i: i.model and i.model.runtime),
    _number("focus", lambda i: i.gates.focus),
    _number("brightness", lambda i: i.gates.brightness),
    _number("contrast", lambda i: i.gates.contrast),
    _number("pose", lambda i: i.gates.pose),
    _number("trigger_ms", lambda i: i.timings_ms.trigger),
    _number("capture_ms", lambda i: i.timings_ms.capture),
    _number("judge_ms", lambda i: i.timings_ms.judge),
    _number("read_ms", lambda i: i.timings_ms.read),
    _number("measure_ms", lambda i: i.timings_ms.measure),
    _number("decide_ms", lambda i: i.timings_ms.decide),
    _number("act_ms", lambda i: i.timings_ms.act),
    _text("evidence_sha256", lambda i: _joined(each.sha256 for each in i.own_images)),
)
_FINDING = (
    _own("class", Kind.TEXT, lambda finding: finding.class_name),
    _own("finding_score", Kind.NUMBER, lambda finding: finding.score),
    _own("left_px", Kind.NUMBER, lambda finding: finding.box_px[0]),
    _own("top_px", Kind.NUMBER, lambda finding: finding.box_px[1]),
    _own("right_px", Kind.NUMBER, lambda finding: finding.box_px[2]),
    _own("bottom_px", Kind.NUMBER, lambda finding: finding.box_px[3]),
    _own("area_px", Kind.NUMBER, lambda finding: finding.area_px),
    _own("length_px", Kind.NUMBER, lambda finding: finding.length_px),
    _own("area_mm2", Kind.NUMBER, lambda finding: finding.area_mm2),
    _own("length_mm", Kind.NUMBER, lambda finding: finding.length_mm),
    _own("zone", Kind.TEXT, lambda finding: finding.zone),
)
_MEASUREMENT = (
    _own("name", Kind.TEXT, lambda measurement: measurement.name),
    _own("value", Kind.NUMBER, lambda measurement: measurement.value),
    _own("unit", Kind.TEXT, lambda measurement: measurement.unit),
    _own("low", Kind.NUMBER, lambda measurement: measurement.low),
    _own("high", Kind.NUMBER, lambda measurement: measurement.high),
    _own("uncertainty", Kind.NUMBER, lambda measurement: measurement.uncertainty),
)
