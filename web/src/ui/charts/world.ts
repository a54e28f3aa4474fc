/** The borders of the world's countries, and the part of ECharts that draws them. Loaded with the first map only. */
import { MapChart } from "echarts/charts";
import { GeoComponent } from "echarts/components";
import { registerMap, use } from "echarts/core";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import world from "world-atlas/countries-110m.json";

use([MapChart, GeoComponent]);

const ANTARCTICA = "AQ";
// The data has no number for it: ISO 3166 has none.
const WITHOUT_NUMBER: Record<string, string> = { Kosovo: "XK" };

/** The two letters of a country by its ISO number: "276" is DE. Browsers know this table as part of locales. */
export function codeOf(number: string | number | undefined, name: string): string {
  if (number === undefined) return WITHOUT_NUMBER[name] ?? "";
  const region = new Intl.Locale(`und-${String(number).padStart(3, "0")}`).region ?? "";
  return /^[A-Z]{2}$/.test(region) ? region : "";
}

interface Country {
  type: "Feature";
  properties: { name: string };
  geometry: unknown;
}

export function countries(): Country[] {
  const topology = world as unknown as Topology<{ countries: GeometryCollection<{ name: string }> }>;
  const found: Country[] = [];
  for (const one of feature(topology, topology.objects.countries).features) {
    const code = codeOf(one.id, one.properties.name);
    // Antarctica is a seventh of the picture, and nobody browses there.
    if (code === ANTARCTICA) continue;
    const { type, coordinates } = one.geometry as { type: string; coordinates: unknown };
    found.push({
      type: "Feature",
      properties: { name: code },
      geometry: { type, coordinates: unwrapped(coordinates) },
    });
  }
  return found;
}

/** A border that runs over the 180th meridian, as Russia's does, goes on beyond it instead of back around the world. */
export function unwrapped(coordinates: unknown): unknown {
  if (!Array.isArray(coordinates)) return coordinates;
  const ring = coordinates as [number, number][];
  if (typeof ring[0]?.[0] !== "number") return coordinates.map(unwrapped);
  const jumps = ring.some(([longitude], at) => at > 0 && Math.abs(longitude - (ring[at - 1]?.[0] ?? longitude)) > 180);
  return jumps ? ring.map(([longitude, latitude]) => [longitude < 0 ? longitude + 360 : longitude, latitude]) : ring;
}

let registered = false;

export function registerWorld(): void {
  if (registered) return;
  registered = true;
  registerMap("world", { type: "FeatureCollection", features: countries() } as Parameters<typeof registerMap>[1]);
}
