"""From findings to a verdict and its reasons; pure."""
