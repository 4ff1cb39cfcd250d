"""Fine-tuning. `train` and `export_backbone` need torch, and run in an environment of its own.

The runtime never imports torch or ultralytics: what passes between the two is a folder of files.
"""
