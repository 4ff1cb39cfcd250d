"""One inspection as the rows that are kept of it."""

from datetime import datetime
from typing import Any

from ..core.inspection import Inspection

Row = dict[str, Any]


def inspection_row(
    inspection: Inspection, station_id: int, boot_id: int, recorded_at: datetime
) -> Row:
    """Return the inspection's own row, its document included."""
    return {
        "id": inspection.id,
        "station_id": station_id,
        "boot_id": boot_id,
        "sequence": inspection.sequence,
        "captured_at": inspection.captured_at,
        "recorded_at": recorded_at,
        "part_id": inspection.part_id,
        "serial": inspection.context.serial,
        "lot": inspection.context.lot,
        "purpose": inspection.purpose.value,
        "verdict": inspection.verdict.value,
        "score": inspection.score,
        "document": inspection.model_dump_json(),
    }


def finding_rows(inspection: Inspection) -> list[Row]:
    """Return a row for each finding."""
    return [
        {
            "inspection_id": inspection.id,
            "position": position,
            "class_name": finding.class_name,
            "score": finding.score,
        }
        for position, finding in enumerate(inspection.findings)
    ]


def evidence_rows(inspection: Inspection, boot_id: int) -> list[Row]:
    """Return a row for each image the inspection says is kept."""
    return [
        {"boot_id": boot_id, "sequence": inspection.sequence, "sha256": sha256}
        for sha256 in {evidence.sha256 for evidence in inspection.evidence}
    ]
