"""The sample: made photographs of flange washers, good and defective, from a seed."""
