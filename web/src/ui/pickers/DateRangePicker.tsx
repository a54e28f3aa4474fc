import { Button, Popover, TextInput } from "@mantine/core";
import { IconCalendar } from "@tabler/icons-react";
import { useState } from "react";
import type { DateRange } from "@/api/insights";
import { useProject } from "@/api/session";
import styles from "@/ui/pickers/DateRangePicker.module.css";

export const RANGES: { label: string; from: string; to?: string }[] = [
  { label: "Last hour", from: "-1h" },
  { label: "Last 24 hours", from: "-24h" },
  { label: "Today", from: "dStart" },
  { label: "Yesterday", from: "-1dStart", to: "-1dEnd" },
  { label: "Last 7 days", from: "-7d" },
  { label: "Last 14 days", from: "-14d" },
  { label: "Last 30 days", from: "-30d" },
  { label: "Last 90 days", from: "-90d" },
  { label: "Last 180 days", from: "-180d" },
  { label: "This month", from: "mStart" },
  { label: "Last month", from: "-1mStart", to: "-1mEnd" },
  { label: "This year", from: "yStart" },
  { label: "All time", from: "all" },
];

// Of the API's relative dates; a small m is a month, a large one a minute.
const UNITS: Record<string, string> = {
  M: "minute",
  h: "hour",
  d: "day",
  w: "week",
  m: "month",
  q: "quarter",
  y: "year",
};

export function rangeInWords(range: DateRange | undefined): string {
  const from = range?.date_from ?? "-7d";
  const to = range?.date_to ?? undefined;
  const known = RANGES.find((choice) => choice.from === from && choice.to === to);
  if (known) return known.label;
  const back = to ? null : /^-(\d+)([hdwmqyM])$/.exec(from);
  if (back) return `Last ${back[1]} ${UNITS[back[2] ?? ""]}${back[1] === "1" ? "" : "s"}`;
  return to ? `${from} – ${to}` : `Since ${from}`;
}

/** A relative or an absolute range of time, in the project's time zone. */
interface DateRangePickerProps {
  range?: DateRange;
  /** What no range means; without it that is the API's own default. */
  unset?: string;
  onChange: (range: DateRange) => void;
}

export function DateRangePicker({ range, unset, onChange }: DateRangePickerProps) {
  const { timezone } = useProject();
  const [opened, setOpened] = useState(false);
  const absolute = (text?: string | null) => (text && /^\d{4}-\d\d-\d\d/.test(text) ? text.slice(0, 10) : "");
  const [from, setFrom] = useState(absolute(range?.date_from));
  const [to, setTo] = useState(absolute(range?.date_to));
  const choose = (next: DateRange) => {
    setOpened(false);
    onChange(next);
  };
  const words = range === undefined && unset ? unset : rangeInWords(range);
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconCalendar size={15} />}
          aria-label={`Date range: ${words}`}
          onClick={() => setOpened(!opened)}
        >
          {words}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className={styles.ranges}>
          {RANGES.map((choice) => (
            <button
              key={choice.label}
              type="button"
              className={styles.range}
              aria-pressed={choice.label === words}
              onClick={() => choose({ date_from: choice.from, date_to: choice.to ?? null })}
            >
              {choice.label}
            </button>
          ))}
        </div>
        <form
          className={styles.absolute}
          onSubmit={(event) => {
            event.preventDefault();
            if (from) choose({ date_from: from, date_to: to || null });
          }}
        >
          <TextInput type="date" size="xs" label="From" value={from} onChange={(e) => setFrom(e.currentTarget.value)} />
          <TextInput type="date" size="xs" label="To" value={to} onChange={(e) => setTo(e.currentTarget.value)} />
          <Button type="submit" disabled={!from}>
            Apply
          </Button>
          <p className={styles.zone}>Days of {timezone}</p>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
