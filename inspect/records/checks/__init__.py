"""Holds the records against the audit log, against each other and against the images on disk."""
