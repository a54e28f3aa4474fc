/** The one place where the app talks to its server. */

/** An error as the API writes it: `{type, code, detail, attr}`. `status` 0 means that the server was not reached. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly attr: string | null;

  constructor(status: number, detail: string, code = "error", attr: string | null = null) {
    super(detail);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.attr = attr;
  }
}

export interface Page<T> {
  results: T[];
  count?: number | null;
  next?: string | null;
  previous?: string | null;
}

/** The token that the server expects back with every change; it hands it out in a cookie that scripts may read. */
export function csrfToken(cookies: string = document.cookie): string {
  for (const part of cookies.split(";")) {
    const [name = "", value = ""] = part.trim().split("=");
    if (name.toLowerCase().includes("csrf")) return decodeURIComponent(value);
  }
  return "";
}

function errorFrom(status: number, text: string): ApiError {
  try {
    const body = JSON.parse(text) as { detail?: unknown; code?: string; attr?: string | null };
    if (typeof body.detail === "string") return new ApiError(status, body.detail, body.code, body.attr ?? null);
  } catch {
    // Not JSON: a proxy in front of the server answered.
  }
  if (status === 502 || status === 503 || status === 504) {
    return new ApiError(
      status,
      "The server is starting or busy. It usually answers again within seconds.",
      "unavailable",
    );
  }
  if (status >= 500) {
    const say = `The server failed with status ${status}. Try again; if it goes on, its log says why.`;
    return new ApiError(status, say, "failed");
  }
  return new ApiError(status, `The server answered with status ${status}.`);
}

export interface RequestOptions {
  method?: "GET" | "POST" | "PATCH" | "DELETE" | "PUT";
  body?: unknown;
  signal?: AbortSignal;
  params?: Record<string, string | number | boolean | null | undefined>;
}

/** One request; answers the parsed body. Throws {@link ApiError}, or the abort of `signal`. */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const { method = "GET", body, signal, params } = options;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params ?? {})) {
    if (value !== undefined && value !== null && value !== "") query.set(name, String(value));
  }
  const url = query.size > 0 ? `${path}?${query}` : path;
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET") headers["X-CSRFToken"] = csrfToken();

  let response: Response;
  try {
    response = await fetch(url, {
      method,
      headers,
      credentials: "same-origin",
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
    });
  } catch (problem) {
    if (signal?.aborted) throw problem;
    throw new ApiError(0, "The server cannot be reached. Check that Leanbase is running.", "unreachable");
  }
  const text = await response.text();
  if (!response.ok) throw errorFrom(response.status, text);
  return (text === "" ? undefined : JSON.parse(text)) as T;
}
