"""Teaching the anomaly family: from good images to a one-file model, without torch."""
