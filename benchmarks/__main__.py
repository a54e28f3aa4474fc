"""``make bench``: measures the running product and writes the table of the run."""

import tempfile
from pathlib import Path

from benchmarks.capture import measure_capture
from benchmarks.engine import measure_engine, measure_idle, measure_lag
from benchmarks.table import Table
from tests.product import Product


def main() -> None:
    """All measurements, one server after the other in fresh folders."""
    table = Table()
    with tempfile.TemporaryDirectory() as folder:
        with Product(Path(folder) / "quiet") as product:
            measure_idle(product, table)
            measure_lag(product, table)
            measure_engine(product, table)
        with Product(Path(folder) / "capture") as product:
            measure_capture(product, table)
    print(f"\nwritten to {table.write()}")


if __name__ == "__main__":
    main()
