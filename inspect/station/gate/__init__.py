"""The gate behind the camera: which parts it lets through, and when it moves."""
