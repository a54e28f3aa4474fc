"""A web site of somebody else: pages served from another origin, as posthog-js meets them."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

SHOP = """<!doctype html>
<html><head><title>Shop</title>
{snippet}
</head><body>
<h1>Shop</h1>
<button id="buy" class="primary" data-attr="buy-button">Buy now</button>
<button id="secret" class="ph-no-capture">Secret</button>
<form id="order" onsubmit="event.preventDefault()">
  <input id="name" name="name" value="">
  <select id="size" name="size"><option>S</option><option>M</option></select>
  <button id="send" type="submit">Order</button>
</form>
</body></html>"""


@contextmanager
def serving(snippet: str, policy: str = "") -> Iterator[str]:
    """The address of a shop with this snippet in its head, and with a content security policy if one is given."""
    body = SHOP.replace("{snippet}", snippet).encode()

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            if policy:
                self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()
