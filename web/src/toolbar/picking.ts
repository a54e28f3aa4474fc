/** Choosing an element of the page by pointer or keyboard. The page itself does not hear of it. */
import { controlAt } from "@/toolbar/captured";

const HEARD = ["pointerdown", "pointerup", "mousedown", "mouseup", "touchstart", "touchend", "dblclick", "submit"];

/** A frame drawn over an element. */
export class Frame {
  readonly element: HTMLElement = document.createElement("div");

  constructor() {
    this.element.className = "frame";
    this.element.hidden = true;
  }

  around(target: Element | null): void {
    this.element.hidden = target === null;
    if (!target) return;
    const { left, top, width, height } = target.getBoundingClientRect();
    Object.assign(this.element.style, {
      left: `${left - 3}px`,
      top: `${top - 3}px`,
      width: `${width + 6}px`,
      height: `${height + 6}px`,
    });
  }
}

interface Choice {
  frame: Frame;
  /** The toolbar itself, which is never chosen. */
  host: Element;
  onPick: (element: Element) => void;
  onCancel: () => void;
}

/** Begin; answers a function that ends it. Escape cancels, Enter takes the element that has the focus. */
export function pick({ frame, host, onPick, onCancel }: Choice): () => void {
  const end = new AbortController();
  const options = { capture: true, passive: false, signal: end.signal };
  const isOurs = (event: Event) => event.composedPath().includes(host);
  const stop = (event: Event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const targetOf = (event: Event) => {
    const target = event.composedPath()[0];
    return target instanceof Element && target !== document.documentElement ? controlAt(target) : null;
  };
  // On the window, before the document: posthog-js listens there, and a click that picks is no click of a visitor.
  for (const kind of HEARD) {
    window.addEventListener(kind, (event) => isOurs(event) || stop(event), options);
  }
  window.addEventListener("pointermove", (event) => frame.around(isOurs(event) ? null : targetOf(event)), options);
  window.addEventListener("focusin", (event) => frame.around(isOurs(event) ? null : targetOf(event)), options);
  window.addEventListener("scroll", () => frame.around(null), options);
  const choose = (event: Event, target: Element | null) => {
    if (isOurs(event)) return;
    stop(event);
    if (target) onPick(target);
  };
  window.addEventListener("click", (event) => choose(event, targetOf(event)), options);
  window.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Escape") {
        stop(event);
        onCancel();
      } else if (event.key === "Enter" && document.activeElement !== document.body) {
        choose(event, document.activeElement ? controlAt(document.activeElement) : null);
      }
    },
    options,
  );
  return () => {
    end.abort();
    frame.around(null);
  };
}
