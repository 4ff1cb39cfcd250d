"""Parts that lie as they fall: found, centred and turned upright before they are judged."""
