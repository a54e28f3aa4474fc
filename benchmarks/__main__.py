"""``make bench``: measures the running product and writes the table of the run.

    python -m benchmarks [--events 10000000] [--idle 60] [--minutes 19] [--only WORD]

Sections run one after the other; what does not fit into the minutes is left out and says so, and so does what fails.
``--idle 600`` measures idle weight for ten minutes, ``--only capture`` the sections with that word in their name.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import service
from benchmarks.capture import measure_capture
from benchmarks.engine import measure_engine, measure_idle
from benchmarks.overrides import query_cost
from benchmarks.table import Table
from tests.product import Product

# Measurements that print a table of their own and run by themselves too: name, about how many seconds, the command.
# Each file says how to run it at full size.
SCRIPTS: tuple[tuple[str, float, tuple[str, ...]], ...] = (
    ("pipeline by stage, and disk", 40, ("benchmarks.pipeline", "120000", "10000", "server", "anonymous", "demo")),
    ("persons by kind of event", 60, ("benchmarks.persons",)),
    ("soak", 80, ("benchmarks.soak", "60")),
)
PLOT = "growth.svg"
_FOLDERS = re.compile(r"/\S*/")  # of this machine: the table goes into the repository


@dataclass
class Run:
    """One run of the bench: what it was asked for, and its table."""

    table: Table
    folder: Path
    events: int
    idle: float
    only: str
    deadline: float

    def section(self, name: str, seconds: float, measure: Callable[[], None]) -> None:
        """Measure unless it was not asked for or does not fit; a failure is told and ends only itself."""
        if self.only not in name:
            return
        if time.monotonic() + seconds > self.deadline:
            self.table.note(f"*Left out: {name} takes about {seconds:.0f} s, and the minutes are over.*")
            return
        begun = time.monotonic()
        try:
            measure()
        except Exception:
            traceback.print_exc()
            self.table.note(f"*Failed: {name}: {traceback.format_exc(limit=0).strip().splitlines()[-1]}*")
        print(f"({name}: {time.monotonic() - begun:.0f} s)", flush=True)

    def script(self, name: str, seconds: float, command: tuple[str, ...]) -> None:
        """Run a module and take over what it prints: its Markdown, or its lines as they are."""

        def run() -> None:
            left = max(1.0, self.deadline - time.monotonic())
            done = subprocess.run(
                [sys.executable, "-m", *command], capture_output=True, text=True, timeout=left, check=False
            )
            if done.returncode:
                raise RuntimeError(f"ended with {done.returncode}: {done.stderr.strip()[-300:]}")
            text = done.stdout.strip()
            shown = _FOLDERS.sub("", " ".join(command))
            self.table.note(f"## {name}: `python -m {shown}`\n")
            self.table.note(text if text.startswith("|") else f"```\n{text}\n```")

        self.section(name, seconds, run)


def _persons(table: Table) -> None:
    """What overrides cost the queries after a million merges."""
    plain, none, many = query_cost()
    table.heading("Daily unique visitors, 2 M events", "overrides", "CPU ms", "ratio")
    table.row("ignored", plain, 1.0)
    table.row("looked up, none there", none, none / plain)
    table.row("looked up, a million there", many, many / plain)


def _over_a_filled_store(run: Run) -> None:
    """Everything that asks a history: made once, read by the insights, served by the product, changed at the end."""
    insights, growth, promotion = "insights against DuckDB", "insights over growing data", "any property, and promotion"
    served = ("cold start", "dashboards", "acknowledgements", "freshness")
    if not any(run.only in name for name in (insights, growth, promotion, *served)):
        return
    if time.monotonic() + 300 > run.deadline:
        run.table.note("*Left out: what asks a history takes minutes, and they are over.*")
        return
    product = Product(run.folder / "filled")
    folder, many = str(product.folder), str(run.events)
    service.fill(product.folder, run.events)
    run.script(insights, 210, ("benchmarks.insights", "--events", many, "--folder", folder, "--repeats", "3"))
    sizes = f"{max(1, run.events // 40)},{max(1, run.events // 10)},{many}"
    plot = str(run.table.beside(PLOT))
    grown = ("--events", sizes, "--folder", f"{many}={folder}", "--repeats", "2", "--plot", plot)
    run.script(growth, 150, ("benchmarks.growth", *grown))
    table = run.table
    with product:
        run.section("cold start", 30, lambda: service.measure_start(product, table, run.events))
        run.section("dashboards", 60, lambda: service.measure_dashboards(product, table))
        service.wait_processed(product)
        run.section("acknowledgements", 40, lambda: service.measure_acknowledgements(product, table))
        service.wait_processed(product)
        run.section("freshness", 40, lambda: service.measure_freshness(product, table))
    run.script(promotion, 120, ("benchmarks.insights_properties", "--events", many, "--folder", folder))


def main() -> None:
    """All measurements, one server after the other in fresh folders."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=10_000_000, help="in the store of the running server")
    parser.add_argument("--idle", type=float, default=60.0, help="seconds of the idle measurement")
    parser.add_argument("--minutes", type=float, default=19.0)
    parser.add_argument("--only", default="", help="sections whose name has this in it")
    options = parser.parse_args()
    table = Table()
    with tempfile.TemporaryDirectory() as folder:
        deadline = time.monotonic() + 60 * options.minutes
        run = Run(table, Path(folder), options.events, options.idle, options.only, deadline)
        if any(run.only in name for name in ("capture", "idle", "engine")):
            with Product(run.folder / "quiet") as product:
                run.section("idle", run.idle + 10, lambda: measure_idle(product, table, run.idle))
                run.section("engine", 60, lambda: measure_engine(product, table))
            with Product(run.folder / "capture") as product:
                run.section("capture", 180, lambda: measure_capture(product, table))
        for name, seconds, command in SCRIPTS:
            run.script(name, seconds, command)
        run.section("overrides", 40, lambda: _persons(table))
        _over_a_filled_store(run)
        print(f"\nwritten to {table.write()}")


if __name__ == "__main__":
    main()
