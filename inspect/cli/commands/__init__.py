"""The subcommands, thin: options in, a call, a table or JSON out."""
