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
        "recipe": inspection.recipe and inspection.recipe.sha256,
    }


def finding_rows(inspection: Inspection) -> list[Row]:
    """Return a row for each defect class found."""
    scores: dict[str, list[float]] = {}
    for finding in inspection.findings:
        scores.setdefault(finding.class_name, []).append(finding.score)
    return [
        {
            "inspection_id": inspection.id,
            "class_name": class_name,
            "captured_at": inspection.captured_at,
            "score": max(of_class),
            "count": len(of_class),
        }
        for class_name, of_class in scores.items()
    ]


def evidence_rows(inspection: Inspection, boot_id: int) -> list[Row]:
    """Return a row for each image the inspection says is kept."""
    if not inspection.evidence:
        return []
    return [
        {"boot_id": boot_id, "sequence": inspection.sequence, "sha256": sha256}
        for sha256 in {evidence.sha256 for evidence in inspection.evidence}
    ]
