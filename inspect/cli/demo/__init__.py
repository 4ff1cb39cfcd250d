"""The demo: a whole factory on this machine, from the sample's images."""
