"""How a model does on labelled images: counts, curves, comparisons, thresholds, a report."""
