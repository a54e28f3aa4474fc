import { beforeEach, expect, test, vi } from "vitest";
import { forget, sessionFor } from "@/toolbar/session";

const HASH = { token: "phc_1", apiURL: "https://in.test", toolbarCode: "secret-code", appURL: "https://app.test" };
const soon = () => new Date(Date.now() + 60_000).toISOString();

function answering(status: number, body: object) {
  const fetched = vi.fn(async (..._: unknown[]) => new Response(JSON.stringify(body), { status }));
  vi.stubGlobal("fetch", fetched);
  return fetched;
}

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

test("the code is exchanged and leaves the storage; only the tab keeps the token", async () => {
  localStorage.setItem("_postHogToolbarParams", JSON.stringify(HASH));
  const fetched = answering(200, { token: "pht_1", expires_at: soon(), project: "Shop" });
  const session = await sessionFor(HASH);
  expect(session?.token).toBe("pht_1");
  expect(fetched.mock.calls[0]?.[0]).toBe("https://in.test/api/toolbar/token/");
  expect(JSON.stringify({ ...localStorage })).not.toMatch(/secret-code|pht_1/);
  expect(await sessionFor({ token: "phc_1", apiURL: "https://in.test" })).toEqual(session);
  expect(fetched).toHaveBeenCalledTimes(1);
  forget();
  expect(localStorage).toHaveLength(0);
  expect(sessionStorage).toHaveLength(0);
});

test("a token is not given to another host or another project, and ends", async () => {
  answering(200, { token: "pht_1", expires_at: soon(), project: "Shop" });
  await sessionFor(HASH);
  const kept = sessionStorage.getItem("leanbase.toolbar") ?? "";
  for (const other of [
    { token: "phc_1", apiURL: "https://evil.test" },
    { token: "phc_2", apiURL: "https://in.test" },
  ]) {
    sessionStorage.setItem("leanbase.toolbar", kept);
    expect(await sessionFor(other)).toBeNull();
    expect(localStorage.getItem("_postHogToolbarParams")).toBeNull();
  }
  sessionStorage.setItem("leanbase.toolbar", kept.replace(/"expiresAt":"[^"]+"/, '"expiresAt":"2020-01-01T00:00:00Z"'));
  expect(await sessionFor({ token: "phc_1", apiURL: "https://in.test" })).toBeNull();
});

test("a refused code leaves nothing behind and says why", async () => {
  answering(401, { detail: "This address was used already." });
  await expect(sessionFor(HASH)).rejects.toThrow("used already");
  expect(localStorage).toHaveLength(0);
});
