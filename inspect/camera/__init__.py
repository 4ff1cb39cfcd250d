"""Light in: sources of frames behind one protocol."""
