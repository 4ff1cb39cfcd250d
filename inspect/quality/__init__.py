"""The statistics of quality: pure, numpy in, dataclasses out."""
