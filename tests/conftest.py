"""Fixtures that every test may use."""

from collections.abc import Iterator

import pytest

from tests.product import Product


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One running server for all tests that only add to it: give each test its own project or distinct ids."""
    with Product(tmp_path_factory.mktemp("product") / "data", demo_visitors=60) as running:
        yield running
