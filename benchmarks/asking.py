"""Clients that ask a dear insight without a pause, in a process of their own: in that of the load they would delay it.

    python -m benchmarks.asking PORT KEY CLIENTS NAME

Asks until its input ends, then prints how many answers came.
"""

import json
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager

from benchmarks.insights_questions import questions


@contextmanager
def asked_by(port: int, key: str, clients: int, name: str) -> Generator[list[int], None, None]:
    """So many clients ask meanwhile; the list has the number of answers afterwards."""
    command = [sys.executable, "-m", "benchmarks.asking", str(port), key, str(clients), name]
    answered: list[int] = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield answered
        output, _ = process.communicate()
    assert process.returncode == 0, f"the asking clients ended with {process.returncode}"
    answered.append(int(output))


def ask_until_input_ends(port: int, key: str, clients: int, name: str) -> int:
    """How many answers came to all clients together. Raises ``OSError`` when one is refused."""
    query = next(question.query for question in questions() if question.name == name)
    body = json.dumps({"query": query, "refresh": "force_blocking"}).encode()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    url = f"http://127.0.0.1:{port}/api/projects/@current/query/"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    ended = threading.Event()
    answered = [0] * clients
    failed: list[OSError] = []

    def ask(client: int) -> None:
        while not ended.is_set():
            try:
                with opener.open(urllib.request.Request(url, data=body, headers=headers), timeout=60) as answer:
                    answer.read()
            except OSError as problem:
                failed.append(problem)
                return
            answered[client] += 1

    asking = [threading.Thread(target=ask, args=(client,)) for client in range(clients)]
    for thread in asking:
        thread.start()
    sys.stdin.read()
    ended.set()
    for thread in asking:
        thread.join()
    if failed:
        raise failed[0]
    return sum(answered)


if __name__ == "__main__":
    print(ask_until_input_ends(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]))
