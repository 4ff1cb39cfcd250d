"""What is kept for how long: rows and images are removed by policy, and accounted for."""
