"""A pipeline on real parts: the embedded engine, the state database, persons; only the log is a list."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.embedded_engine import emptied
from tests.pipeline.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An installation without data."""
    made = World(emptied(), tmp_path)
    yield made
    made.close()


@pytest.fixture
def new_world(tmp_path: Path) -> Iterator[Callable[[], World]]:
    """Makes installations one after another; each begins without data."""
    made: list[World] = []

    def make() -> World:
        made.append(World(emptied(), tmp_path / str(len(made))))
        return made[-1]

    yield make
    for world in made:
        world.close()
