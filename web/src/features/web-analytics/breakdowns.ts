/** What the tables of the page are about, and the filter that a row of them stands for. */
import type { PropertyFilter } from "@/api/insights";
import { countryName } from "@/ui/charts/WorldMap";
import { formatValue } from "@/ui/format";

export interface Form {
  label: string;
  /** In the API's words. */
  by: string;
  filter?: Pick<PropertyFilter, "key" | "type">;
}

const event = (label: string, by: string, key: string): Form => ({ label, by, filter: { key, type: "event" } });
const session = (label: string, by: string, key: string): Form => ({ label, by, filter: { key, type: "session" } });

export const PAGES: Form[] = [
  event("Pages", "Page", "$pathname"),
  session("Entry pages", "InitialPage", "$entry_pathname"),
  session("Exit pages", "ExitPage", "$end_pathname"),
  { label: "Links out", by: "ExitClick" },
];

export const SOURCES: Form[] = [
  session("Channels", "InitialChannelType", "$channel_type"),
  session("Referrers", "InitialReferringDomain", "$entry_referring_domain"),
  { label: "Referrer addresses", by: "InitialReferringURL" },
  session("UTM source", "InitialUTMSource", "$entry_utm_source"),
  session("UTM medium", "InitialUTMMedium", "$entry_utm_medium"),
  session("UTM campaign", "InitialUTMCampaign", "$entry_utm_campaign"),
  session("UTM term", "InitialUTMTerm", "$entry_utm_term"),
  session("UTM content", "InitialUTMContent", "$entry_utm_content"),
];

export const DEVICES: Form[] = [
  event("Device types", "DeviceType", "$device_type"),
  event("Browsers", "Browser", "$browser"),
  event("Systems", "OS", "$os"),
  { label: "Screen sizes", by: "Viewport" },
];

export const PLACES: Form[] = [
  event("Countries", "Country", "$geoip_country_code"),
  event("Languages", "Language", "$browser_language"),
  event("Time zones", "Timezone", "$timezone"),
];

export interface Column {
  title: string;
  /** Where it is in a row of the answer. */
  at: number;
  /** A part of a whole, which can be unknown. */
  share?: boolean;
}

/** The numbers of a table: visits and bounces, how far pages were scrolled; with a goal who reached it. */
export function columnsOf({ goal, depth }: { goal: boolean; depth: boolean }): Column[] {
  const visitors = { title: "Visitors", at: 1 };
  if (goal) return [visitors, { title: "Converted", at: 3 }, { title: "Rate", at: 4, share: true }];
  const usual = [visitors, { title: "Views", at: 2 }, { title: "Bounce", at: 3, share: true }];
  if (!depth) return usual;
  return [...usual, { title: "Scrolled", at: 4, share: true }, { title: "Over 80 %", at: 5, share: true }];
}

/** A value as people say it: countries by name in the viewer's language, no referrer as "Direct". */
export function nameOf(by: string, value: unknown): string {
  const text = Array.isArray(value) ? value.join(by === "Viewport" ? "×" : ", ") : formatValue(value);
  if (text === "$direct" || (text === "" && by.startsWith("InitialReferring"))) return "Direct";
  if (text === "") return "(none)";
  return by === "Country" ? countryName(text) : text;
}

const PATHS = new Set(["Page", "InitialPage", "ExitPage"]);

/** The filter that keeps what a row is about, of paths as they were cleaned; null for rows of nothing. */
export function filterOf(form: Form, value: unknown, clean = false): PropertyFilter | null {
  if (!form.filter || value === null || value === undefined || value === "") return null;
  if (clean && PATHS.has(form.by)) return { ...form.filter, operator: "is_cleaned_path_exact", value: String(value) };
  return { ...form.filter, operator: "exact", value: [String(value)] };
}
