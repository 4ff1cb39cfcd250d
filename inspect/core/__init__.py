"""What every part of EdgeInspect speaks of; no input or output happens here."""
