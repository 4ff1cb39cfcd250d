"""The wires of a factory: what a trigger is read from, and a gate is moved by."""
