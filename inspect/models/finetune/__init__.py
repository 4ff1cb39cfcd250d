"""What needs torch: run in an environment of its own (`.venv-finetune`), never by the runtime."""
