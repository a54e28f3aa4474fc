import { expect, test } from "vitest";
import type { PathsQuery } from "@/api/insights";
import { type PathPlace, pathPlaces, placeName } from "@/ui/insights/pathPlaces";

const asked: PathsQuery = { kind: "PathsQuery", pathsFilter: { stepLimit: 3 } };
const links = [
  { source: "1_https://a.example/", target: "2_https://a.example/b?c=1", value: 10 },
  { source: "2_https://a.example/b?c=1", target: "3_sign_up", value: 4 },
];

test("who dropped off counts among those who came, as far as paths are not cut there", () => {
  const dropoffs = [
    { node: "1_https://a.example/", value: 5, came: 15 },
    { node: "2_https://a.example/b?c=1", value: 6, came: 12 },
  ];
  const numbers = (places: PathPlace[]) =>
    places.map(({ step, name, came, wentOn, dropped }) => [step, name, came, wentOn, dropped]);
  expect(numbers(pathPlaces(links, asked, dropoffs))).toEqual([
    [1, "/", 15, 10, 5],
    [2, "/b?c=1", 12, 6, 6],
    [3, "sign_up", 4, 0, null],
  ]);
  expect(pathPlaces(links, asked).map((place) => place.dropped)).toEqual([null, null, null]);
});

test("an event is called as it is, whatever is in its name", () => {
  expect(placeName("2_signed_up")).toBe("signed_up");
});
