"""The API, the live stream and the page."""
