"""Known defects: learned from marked examples on the same features, beside what is good."""
