"""The audit log: who changed what and when, as a hash chain that every record is bound into."""
