"""What is asked of the records."""
