"""A frame judged: the one-file model, its teaching, proof and measure."""

import os

# Onnxruntime reports its use to its maker from the moment it is imported, unless this is set before
# (its Privacy.md). Every import of it is below this package.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
