"""GigE Vision cameras; a library that reaches one runs in a process of its own."""
