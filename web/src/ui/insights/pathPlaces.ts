/** The places of a path: how many came to each, went on from it, and dropped off there. */
import type { PathDropoff, PathLink, PathsQuery } from "@/api/insights";

export const USUAL_STEPS = 5;

/** A step of paths: "2_/pricing" is the second thing done, at /pricing. */
export interface PathPlace {
  node: string;
  step: number;
  name: string;
  /** What the questions call it: the whole address, or the event. */
  item: string;
  came: number;
  wentOn: number;
  /** null where it is not known. */
  dropped: number | null;
}

export const itemOf = (node: string): string => node.slice(node.indexOf("_") + 1);
export const stepOf = (node: string): number => Number(node.slice(0, node.indexOf("_")));

/** Of an address only the path tells places apart; the host is nearly always the same. */
export function placeName(node: string): string {
  const item = itemOf(node);
  return URL.canParse(item) ? new URL(item).pathname + new URL(item).search : item;
}

export const linkName = (source: string, target: string): string => `${placeName(source)} → ${placeName(target)}`;

/** Whether paths may go on from a step without that being told: they are cut after the last, and at an end point. */
export const isCut = ({ pathsFilter }: PathsQuery, step: number): boolean =>
  Boolean(pathsFilter.endPoint) || step >= (pathsFilter.stepLimit ?? USUAL_STEPS);

/** The places of the links that are drawn, step by step, those that most came to first. */
export function pathPlaces(links: PathLink[], query: PathsQuery, dropoffs?: PathDropoff[]): PathPlace[] {
  const ended = new Map(dropoffs?.map((one) => [one.node, one]));
  const places = new Map<string, { came: number; wentOn: number }>();
  const at = (node: string) => {
    const found = places.get(node) ?? { came: 0, wentOn: 0 };
    places.set(node, found);
    return found;
  };
  for (const { source, target, value } of links) {
    at(source).wentOn += value;
    at(target).came += value;
  }
  return [...places]
    .map(([node, along]) => {
      const step = stepOf(node);
      const dropped = !dropoffs || isCut(query, step) ? null : (ended.get(node)?.value ?? 0);
      // Links that are not drawn count, too, where that is known.
      const came = ended.get(node)?.came ?? Math.max(along.came, along.wentOn);
      const wentOn = dropped === null ? along.wentOn : came - dropped;
      return { node, step, name: placeName(node), item: itemOf(node), came, wentOn, dropped };
    })
    .sort((a, b) => a.step - b.step || b.came - a.came);
}
