import { expect, test } from "vitest";
import { toCsv } from "@/ui/csv";

test("quotes what would break a row", () => {
  expect(
    toCsv(
      ["a", "b"],
      [
        ["x,y", 'say "hi"'],
        ["line\nbreak", null],
      ],
    ),
  ).toBe('a,b\r\n"x,y","say ""hi"""\r\n"line\nbreak",');
});

test("what begins like a formula is a text", () => {
  expect(toCsv(["a"], [["=1+1"], ["+cmd"], ["-2"], [-2]])).toBe("a\r\n'=1+1\r\n'+cmd\r\n'-2\r\n-2");
});

test("objects are JSON", () => {
  expect(toCsv(["a"], [[{ b: [1] }]])).toBe('a\r\n"{""b"":[1]}"');
});
