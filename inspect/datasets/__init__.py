"""Images and labels to learn from."""
