"""The embedded engine, shared by all tests of a process."""

import pytest

from leanbase.store.client import Store
from tests.embedded_engine import embedded_engine, emptied


@pytest.fixture
def store() -> Store:
    """The engine with empty tables."""
    return emptied()


@pytest.fixture(scope="session")
def engine() -> Store:
    """The engine as earlier tests left it."""
    return embedded_engine()
