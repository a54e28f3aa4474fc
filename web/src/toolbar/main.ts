/**
 * `/static/toolbar.js`: posthog-js loads this into a page that was opened from the app with `#__posthog={…}`, and
 * calls `ph_load_toolbar` with what the hash said.
 */
import { openBar, showProblem } from "@/toolbar/bar";
import { sessionFor, type ToolbarParameters } from "@/toolbar/session";

declare global {
  interface Window {
    ph_load_toolbar?: (parameters: ToolbarParameters) => Promise<void>;
  }
}

window.ph_load_toolbar = async (parameters) => {
  try {
    const session = await sessionFor(parameters);
    if (session) openBar(session);
  } catch (problem) {
    showProblem(problem instanceof Error ? problem.message : "The toolbar could not be opened.");
  }
};
