"""The backbone whose features everything is taught from."""
