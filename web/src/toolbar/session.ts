/**
 * The toolbar's permission in this tab. The address brought a code that is good for one exchange; the token that it is
 * exchanged for rests in the tab's session storage and nowhere else.
 */

/** What posthog-js hands over: the hash of the address, or what it kept of the last page. */
export interface ToolbarParameters {
  /** The public key of the project. */
  token: string;
  /** Where the API is: the host that the page's own code gave to posthog-js. */
  apiURL: string;
  toolbarCode?: string;
  /** Where the app is, for links. */
  appURL?: string;
  projectId?: number;
  dataAttributes?: string[];
}

export interface Session {
  token: string;
  expiresAt: string;
  project: string;
  /** Of which page's configuration it came: it is sent to this host only. */
  apiURL: string;
  publicToken: string;
  appURL: string;
  projectId: number;
  dataAttributes: string[];
}

const SESSION = "leanbase.toolbar";
/** Where posthog-js looks whether to load a toolbar on the next page, and where it put the whole hash. */
const POSTHOG = "_postHogToolbarParams";

export class Refused extends Error {}

/** One request to the toolbar's routes. No cookies travel. Throws {@link Refused} with words for people. */
export async function ask<T>(apiURL: string, path: string, token = "", body?: object, query = ""): Promise<T> {
  const headers: Record<string, string> = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  let answer: Response;
  try {
    answer = await fetch(`${apiURL.replace(/\/$/, "")}/api/toolbar/${path}/${query}`, {
      method: body ? "POST" : "GET",
      headers,
      body: body ? JSON.stringify(body) : undefined,
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
  } catch {
    throw new Refused("Leanbase cannot be reached from this page. Its content security policy may forbid it.");
  }
  const said = (await answer.json().catch(() => ({}))) as { detail?: string };
  if (!answer.ok) throw new Refused(said.detail ?? `Leanbase answered with status ${answer.status}.`);
  return said as T;
}

function kept(parameters: ToolbarParameters): Session | null {
  try {
    const session = JSON.parse(sessionStorage.getItem(SESSION) ?? "null") as Session | null;
    const mine = session?.publicToken === parameters.token && session?.apiURL === parameters.apiURL;
    return session && mine && Date.parse(session.expiresAt) > Date.now() ? session : null;
  } catch {
    return null;
  }
}

/** Leave nothing of the toolbar on this page's origin. */
export function forget(): void {
  sessionStorage.removeItem(SESSION);
  localStorage.removeItem(POSTHOG);
}

/** The session of this tab: exchanged now, or kept from the page before. Null when there is none. */
export async function sessionFor(parameters: ToolbarParameters): Promise<Session | null> {
  const { toolbarCode, token: publicToken, apiURL } = parameters;
  // posthog-js has just stored the hash, code and all. What it needs to load the toolbar on the next page is less.
  localStorage.setItem(POSTHOG, JSON.stringify({ token: publicToken }));
  if (!toolbarCode) {
    const session = kept(parameters);
    if (!session) forget();
    return session;
  }
  try {
    type Exchanged = { token: string; expires_at: string; project: string };
    const made = await ask<Exchanged>(apiURL, "token", "", { code: toolbarCode });
    const session: Session = {
      token: made.token,
      expiresAt: made.expires_at,
      project: made.project,
      apiURL,
      publicToken,
      appURL: parameters.appURL ?? "",
      projectId: Number(parameters.projectId) || 0,
      dataAttributes: parameters.dataAttributes ?? [],
    };
    sessionStorage.setItem(SESSION, JSON.stringify(session));
    return session;
  } catch (problem) {
    forget();
    throw problem;
  }
}
