import { ActionIcon, Button, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { formatValue } from "@/ui/format";
import { Empty, messageOf } from "@/ui/states/States";
import { PropertyEditor, type PropertyEdits } from "@/ui/tables/PropertyEditor";
import styles from "@/ui/tables/PropertyTable.module.css";

const SEARCH_FROM = 8; // fewer properties are read faster than searched

interface PropertyTableProps {
  properties: Record<string, unknown>;
  /** Makes names buttons that show how the property came to its value. */
  onHistory?: (key: string) => void;
  /** Makes them changeable by hand. */
  edits?: PropertyEdits;
}

const NEW = Symbol("a new property");

/** All properties of an event, a person or a group. What they hold is always shown as text. */
export function PropertyTable({ properties, onHistory, edits }: PropertyTableProps) {
  const [edited, setEdited] = useState<string | typeof NEW | null>(null);
  const [search, setSearch] = useState("");
  const all = Object.entries(properties).sort(([a], [b]) => a.localeCompare(b));
  const wanted = search.toLowerCase();
  const shown = all.filter(
    ([key, value]) => key.toLowerCase().includes(wanted) || formatValue(value).toLowerCase().includes(wanted),
  );
  const searched = all.length >= SEARCH_FROM;
  return (
    <div>
      {searched || (edits && edited !== NEW) ? (
        <div className={styles.search}>
          {searched ? (
            <TextInput
              className={styles.wide}
              aria-label="Search properties"
              placeholder={`Search ${all.length} properties`}
              value={search}
              onChange={(event) => setSearch(event.currentTarget.value)}
            />
          ) : null}
          {edits && edited !== NEW ? (
            <Button variant="default" leftSection={<IconPlus size={15} />} onClick={() => setEdited(NEW)}>
              Add a property
            </Button>
          ) : null}
        </div>
      ) : null}
      {edits && edited === NEW ? <PropertyEditor edits={edits} onDone={() => setEdited(null)} /> : null}
      {all.length === 0 ? <Empty title="No properties" /> : null}
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
              {edits && edited === key ? (
                <PropertyEditor property={{ key, value }} edits={edits} onDone={() => setEdited(null)} />
              ) : (
                <div className={styles.value}>
                  <Value value={value} />
                  {edits ? (
                    <span className={styles.tools}>
                      <ActionIcon size="sm" aria-label={`Change ${key}`} onClick={() => setEdited(key)}>
                        <IconPencil size={14} />
                      </ActionIcon>
                      <ActionIcon size="sm" aria-label={`Remove ${key}`} onClick={() => remove(edits, key)}>
                        <IconTrash size={14} />
                      </ActionIcon>
                    </span>
                  ) : null}
                </div>
              )}
            </dd>
          </div>
        ))}
      </dl>
      {shown.length === 0 && all.length > 0 ? <Empty title={`No property matches “${search}”`} /> : null}
    </div>
  );
}

function Value({ value }: { value: unknown }) {
  if (value === null) return <span className="quiet">null</span>;
  if (typeof value === "object") return <pre className={styles.nested}>{JSON.stringify(value, null, 2)}</pre>;
  return (
    <span>
      {formatValue(value)}
      {typeof value !== "string" ? <span className={styles.type}>{typeof value}</span> : null}
    </span>
  );
}

function remove(edits: PropertyEdits, key: string) {
  if (!window.confirm(`Remove the property “${key}”? Events keep the values that they came with.`)) return;
  edits.remove(key).catch((problem) => notifications.show({ message: messageOf(problem), color: "red" }));
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
