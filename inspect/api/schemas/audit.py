"""The audit log as it is answered."""

from ...core.audit import AuditEntry
from ...core.frozen import FrozenModel


class AuditPage(FrozenModel):
    """Entries of the audit log, newest first."""

    items: tuple[AuditEntry, ...]
