/** Requests typed by their path: what goes in and what comes out is read from the OpenAPI document. */
import { type RequestOptions, request } from "@/api/client";
import type { components, paths } from "@/api/schema";

/** The shapes that the API names, such as `Shape<"Person">`. */
export type Shape<Name extends keyof components["schemas"]> = components["schemas"][Name];

type Method = "get" | "post" | "patch" | "put" | "delete";
type Route = { responses: unknown; parameters: { query?: unknown; path?: unknown }; requestBody?: unknown };
type With<M extends Method> = { [P in keyof paths]: paths[P][M] extends Route ? P : never }[keyof paths];
type RouteOf<M extends Method, P extends keyof paths> = Extract<paths[P][M], Route>;

type Content<R, Status extends number> =
  R extends Record<Status, { content: { "application/json": infer Body } }> ? Body : never;
/** What a route answers when all is well; `undefined` for one that answers nothing. */
export type Answer<M extends Method, P extends With<M>> = [Success<RouteOf<M, P>["responses"]>] extends [never]
  ? undefined
  : Success<RouteOf<M, P>["responses"]>;
type Success<R> = Content<R, 200> | Content<R, 201> | Content<R, 202>;

type Parts<T> = { [K in keyof T]: string | number };
type Asked<T> = { [K in keyof T]?: T[K] | null };
type Body<R extends Route> =
  Exclude<R["requestBody"], undefined> extends infer T
    ? T extends { content: { "application/json": infer B } }
      ? B
      : never
    : never;

type Options<R extends Route> = { signal?: AbortSignal } & (R["parameters"]["path"] extends object
  ? { path: Parts<R["parameters"]["path"]> }
  : { path?: undefined }) &
  (NonNullable<R["parameters"]["query"]> extends object
    ? { query?: Asked<NonNullable<R["parameters"]["query"]>> }
    : { query?: undefined }) &
  ([Body<R>] extends [never] ? { body?: undefined } : { body: Body<R> });

/** Ask one route: `call("get", "/api/projects/{project_id}/cohorts/", { path: { project_id: 1 } })`. */
export function call<M extends Method, P extends With<M>>(
  method: M,
  path: P,
  options: Options<RouteOf<M, P>>,
): Promise<Answer<M, P>> {
  const {
    path: parts,
    query,
    body,
    signal,
  } = options as {
    path?: Record<string, string | number>;
    query?: RequestOptions["params"];
    body?: unknown;
    signal?: AbortSignal;
  };
  const address = String(path).replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(parts?.[name])));
  return request<Answer<M, P>>(address, {
    method: method.toUpperCase() as RequestOptions["method"],
    params: query,
    body,
    signal,
  });
}
