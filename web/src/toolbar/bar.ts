/** The bar on the page: pick an element, see the actions that are here, close. */
import type { ActionStep } from "@/api/actions";
import { actionForm } from "@/toolbar/actionForm";
import { make } from "@/toolbar/dom";
import { LOOK } from "@/toolbar/look";
import { type ActionOnPage, actionsOnPage, type KnownAction } from "@/toolbar/onPage";
import { Frame, pick } from "@/toolbar/picking";
import { ask, forget, type Session } from "@/toolbar/session";

/** posthog-js looks for this id, loads no second toolbar beside it and captures nothing in it. */
const HOST_ID = "__POSTHOG_TOOLBAR__";
const COUNTED = 10; // actions at once, as the server counts

/** The host element and its shadow root, with the styles adopted: pages may forbid inline ones. */
export function openRoot(): { host: HTMLElement; root: ShadowRoot } {
  document.getElementById(HOST_ID)?.remove();
  const host = make("div", { id: HOST_ID, class: "ph-no-capture" });
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(LOOK);
  root.adoptedStyleSheets = [sheet];
  document.body.append(host);
  return { host, root };
}

/** A bar that only says why there is no toolbar. */
export function showProblem(message: string): void {
  const { host, root } = openRoot();
  const close = make("button", { type: "button", click: () => host.remove() }, "Close");
  root.append(make("div", { class: "bar", role: "region", "aria-label": "Toolbar" }, message, close));
}

export function openBar(session: Session): void {
  const { host, root } = openRoot();
  const frame = new Frame();
  let stopPicking: (() => void) | null = null;
  let panel: HTMLElement | null = null;
  let known: ActionOnPage[] = [];

  const pickButton = make(
    "button",
    { type: "button", class: "main", "aria-pressed": "false", click: () => (stopPicking ? stop() : start()) },
    "Pick an element",
  );
  const listButton = make("button", { type: "button", click: () => showActions(), hidden: true }, "Actions here");
  const closeButton = make("button", { type: "button", "aria-label": "Close the toolbar", click: () => close() }, "✕");
  const bar = make(
    "div",
    { class: "bar", role: "region", "aria-label": "Toolbar" },
    make("strong", { title: session.project }, session.project),
    pickButton,
    listButton,
    closeButton,
  );
  root.append(frame.element, bar);

  function show(next: HTMLElement | null): void {
    panel?.remove();
    panel = next;
    frame.around(null);
    if (!next) return;
    const closing = make("button", { type: "button", click: () => show(null) }, "Close");
    (next.querySelector(".row") ?? next).append(closing);
    next.addEventListener("keydown", (event) => event.key === "Escape" && show(null));
    root.append(next);
  }

  function start(): void {
    show(null);
    pickButton.setAttribute("aria-pressed", "true");
    pickButton.textContent = "Click an element, or press Esc";
    stopPicking = pick({ frame, host, onPick: picked, onCancel: stop });
  }

  function stop(): void {
    stopPicking?.();
    stopPicking = null;
    pickButton.setAttribute("aria-pressed", "false");
    pickButton.textContent = "Pick an element";
  }

  function picked(element: Element): void {
    stop();
    const form = actionForm(element, session.dataAttributes, save);
    show(form);
    frame.around(element);
    form.querySelector<HTMLInputElement>('input[aria-label="Name"]')?.select();
  }

  async function save(name: string, step: ActionStep): Promise<void> {
    const made = await ask<KnownAction>(session.apiURL, "actions", session.token, { name, steps: [step] });
    const page = /^https?:\/\//.test(session.appURL)
      ? `${session.appURL}/project/${session.projectId}/actions/${made.id}`
      : "";
    show(
      make(
        "div",
        { class: "panel", role: "status" },
        make("h2", {}, `Made “${made.name}”`),
        make("p", {}, "It matches the clicks of the past as well."),
        ...(page
          ? [make("a", { href: page, target: "_blank", rel: "noopener noreferrer" }, "Open it in Leanbase")]
          : []),
      ),
    );
    await refresh();
  }

  async function refresh(): Promise<void> {
    const { results } = await ask<{ results: KnownAction[] }>(session.apiURL, "actions", session.token);
    known = actionsOnPage(results);
    listButton.textContent = `Actions here: ${known.length}`;
    listButton.hidden = known.length === 0;
  }

  async function showActions(): Promise<void> {
    const counts = new Map(known.map(({ action }) => [action.id, make("small", {}, "")]));
    const rows = known.map(({ action, elements }) =>
      make(
        "li",
        {},
        make(
          "button",
          {
            type: "button",
            click: () => {
              elements[0]?.scrollIntoView({ block: "nearest" });
              frame.around(elements[0] ?? null);
            },
          },
          make("span", {}, action.name),
          counts.get(action.id) ?? "",
        ),
      ),
    );
    show(
      make(
        "section",
        { class: "panel", "aria-label": "Actions on this page" },
        make("h2", {}, "Actions on this page"),
        make("ul", {}, ...rows),
      ),
    );
    const ids = known.slice(0, COUNTED).map(({ action }) => action.id);
    const counted = await ask<{ counts: Record<string, number> }>(
      session.apiURL,
      "counts",
      session.token,
      undefined,
      `?ids=${ids.join(",")}`,
    ).catch(() => ({ counts: {} }));
    for (const [id, count] of Object.entries(counted.counts)) {
      const place = counts.get(Number(id));
      if (place) place.textContent = `${count.toLocaleString()} in 7 days`;
    }
  }

  function close(): void {
    stop();
    host.remove();
    forget();
    void ask(session.apiURL, "end", session.token, {}).catch(() => undefined);
  }

  refresh().catch(() => undefined); // the list is beside the point; making an action says what is wrong
}
