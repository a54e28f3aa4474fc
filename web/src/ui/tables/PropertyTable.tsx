import { TextInput } from "@mantine/core";
import { useState } from "react";
import { formatValue } from "@/ui/format";
import { Empty } from "@/ui/states/States";
import styles from "@/ui/tables/PropertyTable.module.css";

const SEARCH_FROM = 8; // fewer properties are read faster than searched

interface PropertyTableProps {
  properties: Record<string, unknown>;
  /** Makes names buttons that show how the property came to its value. */
  onHistory?: (key: string) => void;
}

/** All properties of an event, a person or a group. What they hold is always shown as text. */
export function PropertyTable({ properties, onHistory }: PropertyTableProps) {
  const [search, setSearch] = useState("");
  const all = Object.entries(properties).sort(([a], [b]) => a.localeCompare(b));
  const wanted = search.toLowerCase();
  const shown = all.filter(
    ([key, value]) => key.toLowerCase().includes(wanted) || formatValue(value).toLowerCase().includes(wanted),
  );
  if (all.length === 0) return <Empty title="No properties" />;
  return (
    <div>
      {all.length >= SEARCH_FROM ? (
        <div className={styles.search}>
          <TextInput
            aria-label="Search properties"
            placeholder={`Search ${all.length} properties`}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
        </div>
      ) : null}
      <dl className={styles.list}>
        {shown.map(([key, value]) => (
          <div key={key} className={styles.row}>
            <dt>
              {onHistory ? (
                <button
                  type="button"
                  className={styles.name}
                  title={`History of ${key}`}
                  onClick={() => onHistory(key)}
                >
                  {key}
                </button>
              ) : (
                key
              )}
            </dt>
            <dd>
              {value !== null && typeof value === "object" ? (
                <pre className={styles.nested}>{JSON.stringify(value, null, 2)}</pre>
              ) : value === null ? (
                <span className="quiet">null</span>
              ) : (
                <>
                  {formatValue(value)}
                  {typeof value !== "string" ? <span className={styles.type}>{typeof value}</span> : null}
                </>
              )}
            </dd>
          </div>
        ))}
      </dl>
      {shown.length === 0 ? <Empty title={`No property matches “${search}”`} /> : null}
    </div>
  );
}

/** Properties as the API gives them: an object, or the JSON text of one. */
export function propertiesFrom(value: unknown): Record<string, unknown> {
  if (value !== null && typeof value === "object") return value as Record<string, unknown>;
  if (typeof value !== "string" || value === "") return {};
  try {
    return JSON.parse(value) as Record<string, unknown>;
  } catch {
    return {};
  }
}
