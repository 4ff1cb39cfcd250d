"""A web application served for tests by a real server."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import httpx
import uvicorn
from fastapi import FastAPI

from edgeinspect.api.live import Live
from edgeinspect.api.serve import WebServer


@contextmanager
def served(app: FastAPI, live: Live) -> Iterator[httpx.Client]:
    """Serve `app` on a free loopback port, and give a client that asks there."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, lifespan="off", log_level="error")
    server = WebServer(config, live, lambda: True)
    thread = Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    host, port = listener.getsockname()
    try:
        with httpx.Client(base_url=f"http://{host}:{port}", trust_env=False) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
