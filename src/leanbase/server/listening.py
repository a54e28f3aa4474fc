"""The public port. The supervisor opens it and the front inherits it: while a front restarts, clients wait in the queue
of the operating system and are not turned away, and a port that is taken is told before anything starts.
"""

import contextlib
import errno
import os
import socket
from collections.abc import Sequence

LISTENERS_VARIABLE = "LEANBASE_ROLE_LISTENER_FDS"
_BACKLOG = 2048  # connections that wait to be accepted
_NOT_HERE = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)  # a name has an IPv6 address, but the machine has no IPv6


class CannotListen(Exception):
    """The address cannot be listened on; the message says why and what to do."""


def open_listeners(host: str, port: int) -> list[socket.socket]:
    """A listening socket for each address of ``host``, all on one port; 0 lets the system choose it.

    Raises :class:`CannotListen`.
    """
    listeners: list[socket.socket] = []
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        missing: OSError | None = None
        for family, address in dict.fromkeys((entry[0], entry[4]) for entry in found):
            try:
                chosen = port_of(listeners) if listeners else port
                listeners.append(_listen(family, (address[0], chosen, *address[2:])))
            except OSError as problem:
                if problem.errno not in _NOT_HERE:
                    raise
                missing = problem
        if missing is not None and not listeners:
            raise missing
    except OSError as problem:
        close_listeners(listeners)
        raise CannotListen(
            f"Cannot listen on {host}:{port}: {problem.strerror or problem}. "
            "Stop what uses the port, or choose another --host or --port."
        ) from None
    return listeners


def port_of(listeners: Sequence[socket.socket]) -> int:
    """The port that the sockets listen on."""
    return int(listeners[0].getsockname()[1])


def _listen(family: int, address: tuple[object, ...]) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)  # the IPv4 address has its own socket
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def close_listeners(listeners: Sequence[socket.socket]) -> None:
    """Give the port free, as far as this process holds it."""
    for listener in listeners:
        with contextlib.suppress(OSError):
            listener.close()


def inherited_listeners() -> list[socket.socket]:
    """The sockets that the supervisor handed to this process. Raises ``KeyError`` where it handed none."""
    return [socket.socket(fileno=int(number)) for number in os.environ[LISTENERS_VARIABLE].split(",")]
