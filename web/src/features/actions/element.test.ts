import { expect, test } from "vitest";
import { elementInWords } from "@/features/actions/element";

test("the innermost element, by its handle and text", () => {
  const chain =
    'button.primary:attr__data-attr="buy-button"attr__id="buy"attr_id="buy"nth-child="1"nth-of-type="2"text="Buy \\"it\\"; now"' +
    ';form:attr_id="order"nth-child="1"';
  expect(elementInWords(chain)).toBe('button buy “Buy "it"; now”');
  expect(elementInWords('a:href="/help"nth-child="1"text="Help"')).toBe("a “Help”");
  expect(elementInWords('input:attr__name="mail"nth-child="1"')).toBe("input mail");
  expect(elementInWords("")).toBe("");
});
