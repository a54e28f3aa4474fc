/** Texts with a little Markdown: headings, lists, bold, italics, code and links. Everything else stays text. */
import type { ReactNode } from "react";

const INLINE = /(\*\*[^*\n]+\*\*|\*[^*\n]+\*|`[^`\n]+`|\[[^\]\n]+\]\([^)\s]+\))/;
const LINK = /^\[([^\]]+)\]\(([^)\s]+)\)$/;

/** Only addresses that lead to a page: what strangers write may hold `javascript:`. */
const isSafe = (address: string) => /^(https?:\/\/|mailto:|\/(?!\/)|#)/i.test(address);

function inline(text: string): ReactNode[] {
  return text.split(INLINE).map((part, at) => {
    const link = LINK.exec(part);
    if (link?.[1] && link[2]) {
      return isSafe(link[2]) ? (
        <a key={at} href={link[2]} rel="noreferrer noopener">
          {link[1]}
        </a>
      ) : (
        part
      );
    }
    if (part.length > 4 && part.startsWith("**") && part.endsWith("**"))
      return <strong key={at}>{part.slice(2, -2)}</strong>;
    if (part.length > 2 && part.startsWith("*") && part.endsWith("*")) return <em key={at}>{part.slice(1, -1)}</em>;
    if (part.length > 2 && part.startsWith("`") && part.endsWith("`")) return <code key={at}>{part.slice(1, -1)}</code>;
    return part;
  });
}

function block(lines: string[], key: number): ReactNode {
  const heading = lines.length === 1 ? /^(#{1,4})\s+(.+)$/.exec(lines[0] ?? "") : null;
  if (heading?.[2]) {
    // The page has its one heading, and a tile stands below it.
    const Level = (heading[1] ?? "").length === 1 ? "h2" : "h3";
    return <Level key={key}>{inline(heading[2])}</Level>;
  }
  const items = lines.map((line) => /^\s*(?:[-*]|\d+\.)\s+(.*)$/.exec(line)?.[1]);
  if (items.every((item) => item !== undefined)) {
    const List = /^\s*\d/.test(lines[0] ?? "") ? "ol" : "ul";
    return (
      <List key={key}>
        {items.map((item, at) => (
          <li key={at}>{inline(item)}</li>
        ))}
      </List>
    );
  }
  return (
    <p key={key} style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
      {inline(lines.join("\n"))}
    </p>
  );
}

/** Blocks are parted by empty lines; a heading and a list each begin one of their own. */
function blocksOf(text: string): string[][] {
  const blocks: string[][] = [];
  let last = "";
  for (const line of text.replaceAll("\r\n", "\n").split("\n")) {
    const kind =
      line.trim() === "" ? "" : /^#{1,4}\s/.test(line) ? "heading" : /^\s*([-*]|\d+\.)\s/.test(line) ? "list" : "text";
    if (kind !== "") {
      const current = blocks.at(-1);
      if (current && kind === last && kind !== "heading") current.push(line);
      else blocks.push([line]);
    }
    last = kind;
  }
  return blocks;
}

export function Markdown({ text }: { text: string }) {
  return <>{blocksOf(text).map(block)}</>;
}
