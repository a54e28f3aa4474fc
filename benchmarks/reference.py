"""Builds and runs the reference server (reference.c): the price of the machine, in the same run."""

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from tests.product import free_port

# What it does with bodies: nothing; appends them to a file that grows; writes them into a file of zeros that was made
# before, as the product's log does.
Kind = Literal["answers", "grows", "made before"]
_MEGABYTES = 128  # of the file that was made before: two segments of the product


@contextmanager
def reference_server(kind: Kind) -> Iterator[tuple[int, int] | None]:
    """Port and process of a running reference server; None where there is no C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "reference"
        subprocess.run([compiler, "-O2", "-o", program, Path(__file__).with_name("reference.c")], check=True)
        port = free_port()
        arguments = [str(program), str(port)]
        if kind != "answers":
            arguments.append(str(Path(folder) / "log"))
        if kind == "made before":
            arguments.append(str(_MEGABYTES))
        process = subprocess.Popen(arguments)
        try:
            for _ in range(500):
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    time.sleep(0.02)
            yield port, process.pid
        finally:
            process.kill()
            process.wait()
