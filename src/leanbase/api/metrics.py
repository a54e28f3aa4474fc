"""``/metrics`` of the engine process, in Prometheus text."""

import ipaddress
import resource
import sys

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from leanbase.api.access import identify
from leanbase.api.context import ApiContext, Context
from leanbase.api.sign_in import client_address

router = APIRouter(include_in_schema=False)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@router.get("/metrics")
def show_metrics(request: Request, context: Context) -> Response:
    """Numbers of all parts of this process: for this machine, or with a personal key."""
    address = client_address(request)
    if address and not is_loopback(address):
        identify(request, context)
    parts = [_process(context), *(part() for part in context.metrics), _dropped(context)]
    return PlainTextResponse("".join(parts), media_type=CONTENT_TYPE)


def is_loopback(address: str) -> bool:
    """Whether an address is this machine's own."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _process(context: ApiContext) -> str:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return (
        "# TYPE leanbase_info gauge\n"
        f'leanbase_info{{version="{context.version}"}} 1\n'
        "# TYPE leanbase_engine_cpu_seconds_total counter\n"
        f"leanbase_engine_cpu_seconds_total {usage.ru_utime + usage.ru_stime:.3f}\n"
        "# TYPE leanbase_engine_peak_memory_bytes gauge\n"
        f"leanbase_engine_peak_memory_bytes {peak}\n"
    )


def _dropped(context: ApiContext) -> str:
    """What the table of drops says: unlike counters of a process it survives restarts."""
    with context.state.read() as connection:
        rows = connection.execute("SELECT reason, sum(count) FROM dropped GROUP BY reason ORDER BY reason").fetchall()
    lines = [f'leanbase_events_dropped_total{{reason="{_label(reason)}"}} {count}\n' for reason, count in rows]
    return "# TYPE leanbase_events_dropped_total counter\n" + "".join(lines)


def _label(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
