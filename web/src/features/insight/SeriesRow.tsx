import { ActionIcon, Menu, Switch } from "@mantine/core";
import { IconDots, IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { PropertyFilter, Series } from "@/api/insights";
import styles from "@/features/insight/InsightPage.module.css";
import { MathPicker } from "@/features/insight/MathPicker";
import { orEvent, withEvent, withoutEvent } from "@/features/insight/series";
import { seriesToken } from "@/ui/charts/palette";
import type { Counting } from "@/ui/insights/maths";
import { letter, seriesName } from "@/ui/insights/names";
import { EventPicker } from "@/ui/pickers/EventPicker";
import { LaterText } from "@/ui/pickers/LaterText";
import { PropertyFilters } from "@/ui/pickers/PropertyFilters";
import { FILTER_OWNERS } from "@/ui/pickers/usePropertyChoices";

interface SeriesRowProps {
  at: number;
  series: Series;
  counting: Counting;
  step: boolean;
  optional: boolean;
  onChange: (series: Series) => void;
  onFilters: (filters: PropertyFilter[]) => void;
  onRemove?: () => void;
  onUp?: () => void;
  onDown?: () => void;
  onCopy?: () => void;
}

/** One series or step: its event or events, what is counted of it, its filters. */
export function SeriesRow({ at, series, counting, step, optional, onChange, onFilters, ...actions }: SeriesRowProps) {
  const [naming, setNaming] = useState(false);
  const name = seriesName(series);
  const which = step ? `Step ${at + 1}` : `Series ${letter(at)}`;
  const nodes = series.kind === "GroupNode" ? (series.nodes ?? []) : null;
  return (
    <div className={styles.one}>
      <span className={styles.letter} style={{ background: step ? "var(--ink-3)" : seriesToken(at) }} aria-hidden>
        {step ? at + 1 : letter(at)}
      </span>
      {nodes ? (
        nodes.map((node, i) => (
          <span key={`${i}-${seriesName(node)}`} className={styles.either}>
            {i > 0 ? <span className={styles.label}>or</span> : null}
            <EventPicker
              label={`${which}, event ${i + 1}: ${seriesName(node)}`}
              text={seriesName(node)}
              withActions
              onPick={(picked) =>
                onChange({ ...series, nodes: nodes.map((old, j) => (j === i ? withEvent(old, picked) : old)) })
              }
            />
            <ActionIcon
              size="sm"
              aria-label={`Remove ${seriesName(node)} of ${which}`}
              onClick={() => onChange(withoutEvent(series, i))}
            >
              <IconX size={13} />
            </ActionIcon>
          </span>
        ))
      ) : (
        <EventPicker
          label={`${which}: ${name}`}
          text={name}
          withActions
          onPick={(picked) => onChange(withEvent(series, picked))}
        />
      )}
      {step ? (
        <EventPicker
          label={`${which}: or another event`}
          ghost
          text="or"
          withActions
          withAll={false}
          onPick={(picked) => onChange(orEvent(series, picked))}
        />
      ) : null}
      {naming ? (
        <LaterText
          className={styles.formula}
          label={`Name of ${which}`}
          placeholder="Name"
          autoFocus
          value={series.custom_name ?? ""}
          onApply={(text) => {
            setNaming(false);
            onChange({ ...series, custom_name: text || undefined });
          }}
        />
      ) : null}
      <MathPicker name={name} kind={counting} series={series} onChange={onChange} />
      <PropertyFilters filters={series.properties ?? []} owners={FILTER_OWNERS} onChange={onFilters} />
      {optional ? (
        <Switch
          size="xs"
          label="optional"
          title="People may leave this step out"
          aria-label={`${which} is optional`}
          checked={series.optionalInFunnel ?? false}
          onChange={(event) => onChange({ ...series, optionalInFunnel: event.currentTarget.checked || undefined })}
        />
      ) : null}
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={`More of ${which}`}>
            <IconDots size={15} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setNaming(true)}>Rename</Menu.Item>
          {actions.onCopy ? <Menu.Item onClick={actions.onCopy}>Duplicate</Menu.Item> : null}
          {actions.onUp ? <Menu.Item onClick={actions.onUp}>Move up</Menu.Item> : null}
          {actions.onDown ? <Menu.Item onClick={actions.onDown}>Move down</Menu.Item> : null}
        </Menu.Dropdown>
      </Menu>
      {actions.onRemove ? (
        <ActionIcon aria-label={`Remove ${name}`} onClick={actions.onRemove}>
          <IconX size={15} />
        </ActionIcon>
      ) : null}
    </div>
  );
}
