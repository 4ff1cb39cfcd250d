"""What the backbone takes for pixels."""

INPUT = "normalised"
"""The graph's input: float32 (batch, 3, height, width), BGR, (value - PIXEL_MEAN) / PIXEL_SCALE."""
PIXEL_MEAN, PIXEL_SCALE = 127.0, 128.0
"""What the weights were trained with, for values 0 to 255."""
