"""One verdict for one part that several stations look at."""
