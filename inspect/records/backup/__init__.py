"""The records of a box in one file, and a box from that file."""
