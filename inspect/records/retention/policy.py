"""Applies the policy of the settings: what is removed, in which order."""

import logging
from datetime import datetime, timedelta

from ...settings.tree import RetentionSettings
from ..database import Database
from ..evidence_store import EvidenceStore
from .images import Stopping, make_space, remove_old_images
from .rows import remove_rows

MB = 1_000_000
KEEP_ALL = RetentionSettings()

_log = logging.getLogger(__name__)


def retain(
    database: Database,
    evidence: EvidenceStore,
    policy: RetentionSettings,
    now: datetime,
    stopping: Stopping = lambda: False,
) -> None:
    """Remove what `policy` does not keep, in small transactions, until done or asked to stop.

    Raises RecordsError, before anything is locked, when the images are out of reach.
    """
    if policy == KEEP_ALL:
        return
    evidence.check()
    rows = images = 0
    if policy.rows_days is not None:
        rows = remove_rows(database, evidence, now - timedelta(days=policy.rows_days), stopping)
    if policy.evidence_days is not None:
        before = now - timedelta(days=policy.evidence_days)
        images += remove_old_images(database, evidence, before, stopping)
    if policy.evidence_max_mb is not None:
        images += make_space(database, evidence, policy.evidence_max_mb * MB, stopping)
    if rows or images:
        _log.info("retention removed %d records, and %d images of others", rows, images)
