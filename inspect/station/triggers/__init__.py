"""What tells a station that a part is there."""
