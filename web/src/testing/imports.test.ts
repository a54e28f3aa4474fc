import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const SOURCE = join(import.meta.dirname, "..");

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? files(join(folder, entry.name))
      : /\.tsx?$/.test(entry.name)
        ? [join(folder, entry.name)]
        : [],
  );
}

const importsOf = (file: string) =>
  [...readFileSync(file, "utf8").matchAll(/from "@\/([^"]+)"/g)].map((found) => found[1] ?? "");

test("a feature imports only itself, ui and api", () => {
  const wrong: string[] = [];
  for (const feature of readdirSync(join(SOURCE, "features"))) {
    for (const file of files(join(SOURCE, "features", feature))) {
      for (const target of importsOf(file)) {
        if (!/^(ui|api)\//.test(target) && !target.startsWith(`features/${feature}/`)) wrong.push(`${file}: ${target}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

test("ui imports only ui and api, and api only api", () => {
  const wrong = [
    ...files(join(SOURCE, "ui")).flatMap((file) => importsOf(file).filter((target) => !/^(ui|api)\//.test(target))),
    ...files(join(SOURCE, "api")).flatMap((file) => importsOf(file).filter((target) => !target.startsWith("api/"))),
  ];
  expect(wrong).toEqual([]);
});
