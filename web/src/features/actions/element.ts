/** The clicked element of an event in words, out of its `elements_chain`: `button “Buy now”`. */

const INSIDE = /^(?:[^;"]|"(?:[^"\\]|\\.)*")*/;
const quoted = (element: string, name: string) =>
  new RegExp(`(?:^|[:"])${name}="((?:[^"\\\\]|\\\\.)*)"`).exec(element)?.[1]?.replaceAll('\\"', '"') ?? "";

export function elementInWords(chain: string): string {
  const element = INSIDE.exec(chain)?.[0] ?? "";
  const tag = /^[^.:]*/.exec(element)?.[0] ?? "";
  const name = quoted(element, "attr_id") || quoted(element, "attr__data-attr") || quoted(element, "attr__name");
  const text = quoted(element, "text");
  return `${tag}${name ? ` ${name}` : ""}${text ? ` “${text}”` : ""}`.trim();
}
