"""The list of reasons is closed: what the code drops for is explained, and what is explained happens."""

import re
from pathlib import Path

import leanbase
from leanbase.model.drop_reasons import DROP_REASONS
from leanbase.projects.retention import BY_AGE, BY_BYTES

SOURCE = Path(leanbase.__file__).parent


def test_the_list_is_what_the_code_uses() -> None:
    used: set[str] = set()
    for folder in ("pipeline", "persons"):
        for file in (SOURCE / folder).rglob("*.py"):
            text = file.read_text()
            used |= set(re.findall(r'turn\.drop\(\s*event,\s*"(\w+)"', text))
            used |= set(re.findall(r'Dropped\([^()]*?,\s*"(\w+)"', text))
            for name in re.findall(r"Dropped\([^()]*?,\s*([A-Z_]+),", text):
                used |= set(re.findall(rf'^{name} = "(\w+)"', text, re.MULTILINE))
    assert used | {BY_AGE, BY_BYTES} == DROP_REASONS.keys()
