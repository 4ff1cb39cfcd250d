"""A frame judged: the one-file model, its teaching, proof and measure."""
