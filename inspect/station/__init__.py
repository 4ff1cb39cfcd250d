"""The loop on the box: capture, judge, decide, act, report."""
