/** Building elements without a framework: the toolbar is loaded into pages of others, so it must be small. */

type Attributes = Record<string, string | boolean | ((event: Event) => void)>;

/** An element with attributes (a function is a listener), and texts or elements inside. Texts are never markup. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...inside: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (typeof value === "boolean") made.toggleAttribute(name, value);
    else made.setAttribute(name, value);
  }
  made.append(...inside);
  return made;
}
