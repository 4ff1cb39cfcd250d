"""One command, `edgeinspect`, thin over the rest."""
