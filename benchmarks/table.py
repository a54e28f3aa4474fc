"""The table of a run: what was measured, the figure, and its ratio to a reference of the same run."""

import os
import platform
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def _memory() -> str:
    kilobytes = int(Path("/proc/meminfo").read_text().split()[1])
    return f"{kilobytes / (1 << 20):.0f} GiB"


@dataclass
class Table:
    """Rows under headings, printed as they come and written as Markdown at the end."""

    lines: list[str] = field(default_factory=list)

    def heading(self, text: str, *columns: str) -> None:
        self._add(f"\n## {text}\n")
        self._add("| " + " | ".join(columns) + " |")
        self._add("|" + "---|" * len(columns))

    def row(self, *cells: object) -> None:
        self._add("| " + " | ".join(f"{cell:.3g}" if isinstance(cell, float) else str(cell) for cell in cells) + " |")

    def note(self, text: str) -> None:
        self._add(f"\n{text}")

    def _add(self, line: str) -> None:
        print(line, flush=True)
        self.lines.append(line)

    def beside(self, name: str) -> Path:
        """Where a picture of this run is written."""
        RESULTS.mkdir(exist_ok=True)
        return RESULTS / f"{datetime.now(UTC):%Y-%m-%d}-{name}"

    def write(self) -> Path:
        """Write ``results/<date>.md`` and answer its path."""
        RESULTS.mkdir(exist_ok=True)
        now = datetime.now(UTC)
        cpu = next(
            (x.split(":")[1].strip() for x in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in x), "?"
        )
        commit = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
        ).stdout.strip()
        packages = ", ".join(f"{name} {version(name)}" for name in ("chdb", "clickhouse-connect", "uvicorn", "msgspec"))
        python = f"{platform.python_implementation()} {platform.python_version()}"
        load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
        cores = len(os.sched_getaffinity(0))
        head = (
            f"# {now:%Y-%m-%d}\n\n`python -m benchmarks {' '.join(sys.argv[1:])}`: {cores} cores of {cpu}, "
            f"{_memory()}, {platform.system()} {platform.release()}, {python}; {packages}; commit {commit}. "
            f"Load average at the end: {load}."
        )
        path = RESULTS / f"{now:%Y-%m-%d}.md"
        path.write_text("\n".join([head, *self.lines]) + "\n")
        return path
