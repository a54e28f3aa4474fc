"""``make bench``: measures the running product and writes the table of the run."""

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.capture import measure_capture
from benchmarks.engine import measure_engine, measure_idle, measure_lag
from benchmarks.overrides import query_cost
from benchmarks.table import Table
from tests.product import Product


def _persons(table: Table) -> None:
    """Person processing by kind of event, and what merges cost the queries after them; each in a process of its own."""
    plain, none, many = query_cost()
    table.heading("Daily unique visitors, 2 M events", "overrides", "CPU ms", "ratio")
    table.row("ignored", plain, 1.0)
    table.row("looked up, none there", none, none / plain)
    table.row("looked up, a million there", many, many / plain)
    for module in ("benchmarks.persons", "benchmarks.pipeline"):
        done = subprocess.run([sys.executable, "-m", module], capture_output=True, text=True, check=True)
        table.note(f"## python -m {module}\n\n```\n{done.stdout.strip()}\n```")


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
    _persons(table)
    print(f"\nwritten to {table.write()}")


if __name__ == "__main__":
    main()
