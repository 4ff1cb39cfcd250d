"""One command, edgeinspect."""
