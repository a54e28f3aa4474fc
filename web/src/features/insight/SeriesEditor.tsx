import { ActionIcon, Select } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { Series } from "@/api/insights";
import styles from "@/features/insight/InsightPage.module.css";
import { seriesToken } from "@/ui/charts/palette";
import { letter, MATHS, needsProperty, seriesName } from "@/ui/insights/names";
import { EventPicker, type PickedEvent } from "@/ui/pickers/EventPicker";
import { PropertyFilters } from "@/ui/pickers/PropertyFilters";
import { PropertyPicker } from "@/ui/pickers/PropertyPicker";

interface SeriesEditorProps {
  series: Series[];
  most?: number;
  withMath: boolean;
  numbered?: boolean;
  add: string;
  onChange: (series: Series[]) => void;
}

export const asSeries = (picked: PickedEvent): Series =>
  picked.kind === "action"
    ? { kind: "ActionsNode", id: picked.actionId, name: picked.name }
    : { kind: "EventsNode", event: picked.event, name: picked.name };

/** The events an insight is about, each with its math and its own filters. */
export function SeriesEditor({ series, most = 20, withMath, numbered = false, add, onChange }: SeriesEditorProps) {
  const change = (at: number, changes: Partial<Series>) =>
    onChange(series.map((old, i) => (i === at ? { ...old, ...changes } : old)));
  return (
    <div className={styles.series}>
      {series.map((one, at) => {
        const name = seriesName(one);
        return (
          <div key={`${at}-${name}`} className={styles.one}>
            <span
              className={styles.letter}
              style={{ background: numbered ? "var(--ink-3)" : seriesToken(at) }}
              aria-hidden
            >
              {numbered ? at + 1 : letter(at)}
            </span>
            <EventPicker
              label={`${numbered ? "Step" : "Series"} ${numbered ? at + 1 : letter(at)}: ${name}`}
              text={name}
              withActions
              onPick={(picked) => {
                const { math, math_property, properties } = one;
                onChange(
                  series.map((old, i) => (i === at ? { ...asSeries(picked), math, math_property, properties } : old)),
                );
              }}
            />
            {withMath ? (
              <Select
                className={styles.math}
                aria-label={`Calculation of ${name}`}
                data={MATHS}
                value={one.math ?? "total"}
                maxDropdownHeight={320}
                onChange={(math) =>
                  change(at, {
                    math: math ?? "total",
                    math_property: needsProperty(math ?? "") ? one.math_property : undefined,
                  })
                }
              />
            ) : null}
            {withMath && needsProperty(one.math) ? (
              <PropertyPicker
                label={`Property of ${name} to calculate with`}
                text={one.math_property ?? "Choose a property"}
                owners={["event"]}
                onPick={({ key }) => change(at, { math_property: key })}
              />
            ) : null}
            <PropertyFilters filters={one.properties ?? []} onChange={(properties) => change(at, { properties })} />
            {series.length > 1 ? (
              <ActionIcon aria-label={`Remove ${name}`} onClick={() => onChange(series.filter((_, i) => i !== at))}>
                <IconX size={15} />
              </ActionIcon>
            ) : null}
          </div>
        );
      })}
      {series.length < most ? (
        <div>
          <EventPicker
            label={add}
            ghost
            text={add}
            withActions
            onPick={(picked) => onChange([...series, asSeries(picked)])}
          />
        </div>
      ) : null}
    </div>
  );
}
