"""Pictures of pages, compared with stored ones: small and grey, so that how a machine smooths letters does not matter.

Run with LEANBASE_RENEW_PICTURES=1 to store what is seen now, and look at the result before committing it.
"""

import base64
import os
from pathlib import Path

from playwright.sync_api import Locator, Page

STORED = Path(__file__).parent / "pictures"
RENEW = "LEANBASE_RENEW_PICTURES"

SCALE = 3  # pixels of the page, each way, for one of a picture
MEAN = 0.005  # how much all of it may differ, of the way from black to white
WORST = 0.08  # and how much any square of a dozen pixels: letters of another machine stay below, a moved bar does not

# The page that compares is blank: no policy of the app stands in the way of reading pictures.
COMPARE = """async ([now, before, scale, square]) => {
  const load = (base64) => new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error("no picture"));
    image.src = `data:image/png;base64,${base64}`;
  });
  const draw = (image, width, height) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width, height];
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.imageSmoothingQuality = "high";
    pen.filter = "grayscale(1)";
    pen.drawImage(image, 0, 0, width, height);
    return canvas;
  };
  const pixels = (canvas) => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  const seen = await load(now);
  const small = draw(seen, Math.round(seen.width / scale), Math.round(seen.height / scale));
  const png = small.toDataURL("image/png").split(",")[1];
  if (before === null) return { png, size: null, mean: 1, worst: 1 };
  const stored = await load(before);
  const size = [stored.width, stored.height, small.width, small.height];
  if (stored.width !== small.width || stored.height !== small.height) return { png, size, mean: 1, worst: 1 };
  const [a, b] = [pixels(small), pixels(draw(stored, stored.width, stored.height))];
  let sum = 0;
  const squares = new Map();
  for (let y = 0; y < small.height; y += 1)
    for (let x = 0; x < small.width; x += 1) {
      const place = 4 * (y * small.width + x);
      const difference = Math.abs(a[place] - b[place]) / 255;
      sum += difference;
      const key = `${Math.floor(x / square)},${Math.floor(y / square)}`;
      squares.set(key, (squares.get(key) ?? 0) + difference);
    }
  const worst = Math.max(...squares.values()) / square ** 2;
  return { png, size, mean: sum / (small.width * small.height), worst };
}"""


def check_picture(page: Page, name: str, hidden: list[Locator]) -> None:
    """Compare what the page shows with the stored picture of this name. ``hidden`` is what differs by itself."""
    file = STORED / f"{name}.png"
    renew = os.environ.get(RENEW) == "1"
    now = page.screenshot(mask=hidden, mask_color="#808080", animations="disabled", caret="hide", scale="css")
    before = base64.b64encode(file.read_bytes()).decode() if file.exists() and not renew else None
    blank = page.context.new_page()
    try:
        found = blank.evaluate(COMPARE, [base64.b64encode(now).decode(), before, SCALE, 12])
    finally:
        blank.close()
    if renew:
        STORED.mkdir(exist_ok=True)
        file.write_bytes(base64.b64decode(found["png"]))
        return
    assert file.exists(), f"there is no picture {file.name}: run the test with {RENEW}=1, look at it and commit it"
    if found["mean"] > MEAN or found["worst"] > WORST:
        seen = file.with_suffix(".now.png")
        seen.write_bytes(base64.b64decode(found["png"]))
        raise AssertionError(
            f"{name} looks different: mean {found['mean']:.4f} (at most {MEAN}), worst square {found['worst']:.3f} "
            f"(at most {WORST}), sizes {found['size']}. See {seen}; if it should, run with {RENEW}=1"
        )
