/** A part of the page as PNG: charts as they are drawn, boxes and texts painted where they stand. */

const DENSITY = 2; // pixels for one of the page, as on fine screens
const MARGIN = 16;

/** The PNG of an element on a background; null where nothing is to be seen, or the browser cannot draw. */
export async function pictureOf(element: HTMLElement, background: string): Promise<Blob | null> {
  const frame = element.getBoundingClientRect();
  // What scrolls inside is drawn in full.
  const inside = [...element.querySelectorAll("table, canvas")].map((one) => one.getBoundingClientRect());
  const width = Math.max(frame.right, ...inside.map((box) => box.right)) - frame.left;
  const height = Math.max(frame.bottom, ...inside.map((box) => box.bottom)) - frame.top;
  const canvas = document.createElement("canvas");
  canvas.width = (width + 2 * MARGIN) * DENSITY;
  canvas.height = (height + 2 * MARGIN) * DENSITY;
  const pen = canvas.getContext("2d");
  if (!pen || width === 0 || height === 0) return null;
  pen.scale(DENSITY, DENSITY);
  pen.fillStyle = background;
  pen.fillRect(0, 0, width + 2 * MARGIN, height + 2 * MARGIN);
  pen.translate(MARGIN - frame.left, MARGIN - frame.top);
  paint(element, pen);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

const SKIPPED = new Set(["svg", "SCRIPT", "STYLE"]);

function paint(element: Element, pen: CanvasRenderingContext2D): void {
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  if (SKIPPED.has(element.tagName) || style.visibility === "hidden" || style.opacity === "0") return;
  if (element instanceof HTMLCanvasElement) {
    if (box.width > 0 && box.height > 0) pen.drawImage(element, box.left, box.top, box.width, box.height);
    return;
  }
  if (style.backgroundColor !== "transparent" && box.width > 0) {
    pen.fillStyle = style.backgroundColor;
    pen.beginPath();
    pen.roundRect(box.left, box.top, box.width, box.height, Number.parseFloat(style.borderTopLeftRadius) || 0);
    pen.fill();
  }
  const cut = style.overflowX === "hidden";
  if (cut) {
    pen.save();
    pen.beginPath();
    pen.rect(box.left, box.top, box.width, box.height);
    pen.clip();
  }
  for (const child of element.childNodes) {
    if (child instanceof Element) paint(child, pen);
    else if (child instanceof Text) write(child, style, pen);
  }
  if (cut) pen.restore();
}

/** Each word where the page has it, so that lines break as they do there. */
function write(text: Text, style: CSSStyleDeclaration, pen: CanvasRenderingContext2D): void {
  pen.fillStyle = style.color;
  pen.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  pen.textBaseline = "middle";
  const range = document.createRange();
  for (const word of text.data.matchAll(/\S+/g)) {
    range.setStart(text, word.index);
    range.setEnd(text, word.index + word[0].length);
    const place = range.getClientRects()[0];
    if (place) pen.fillText(word[0], place.left, place.top + place.height / 2);
  }
}
