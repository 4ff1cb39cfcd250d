"""Detectors and classifiers that came from elsewhere, wrapped into the one-file model."""
