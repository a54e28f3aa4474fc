import { Button, NumberInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { applyRetention, useRetention } from "@/api/retention";
import { Saving } from "@/features/settings/Saving";
import type { SectionProps } from "@/features/settings/SettingsPage";
import styles from "@/features/settings/SettingsPage.module.css";
import { useSave } from "@/features/settings/useSave";
import { formatBytes, formatCount } from "@/ui/format";
import { Panel } from "@/ui/Page";
import { Failure, Loading, Problem } from "@/ui/states/States";

const GB = 1 << 30;

/** At most so many days, at most so many bytes; and what that would remove, before it is saved. */
export function RetentionSettings({ project }: SectionProps) {
  const [days, setDays] = useState<number | null>(project.event_retention_days);
  const [bytes, setBytes] = useState<number | null>(project.event_retention_bytes);
  const saving = useSave(project.id);
  const queries = useQueryClient();
  const found = useRetention(days, bytes);
  const applying = useMutation({
    mutationFn: () => applyRetention(project.id),
    onSuccess: () => queries.invalidateQueries(),
  });
  const changed = days !== project.event_retention_days || bytes !== project.event_retention_bytes;
  const excess = days === null && bytes === null ? [] : (found.data?.excess ?? []);
  return (
    <div className={styles.stack}>
      <Panel title="How long events are kept" padded>
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            saving.mutate({ event_retention_days: days, event_retention_bytes: bytes });
          }}
        >
          <p className="quiet">
            Without limits everything is kept. Beyond a limit the oldest whole days go, a few times a day; today stays.
            What went is counted on the Health page.
          </p>
          <NumberInput
            size="sm"
            label="Days to keep"
            description={`Whole days in ${project.timezone}, beside today. Empty for no limit.`}
            min={1}
            max={3650}
            allowDecimal={false}
            value={days ?? ""}
            onChange={(value) => setDays(value === "" ? null : Math.max(1, Number(value)))}
          />
          <NumberInput
            size="sm"
            label="Gigabytes to keep"
            description="Of disk, compressed. Empty for no limit."
            min={0.001}
            max={1_000_000}
            decimalScale={3}
            value={bytes === null ? "" : Math.round((bytes / GB) * 1000) / 1000}
            onChange={(value) => setBytes(value === "" ? null : Math.max(1 << 20, Math.round(Number(value) * GB)))}
          />
          <Saving saving={saving} disabled={!changed} />
        </form>
      </Panel>
      <Panel title="Stored now" padded>
        {found.data ? (
          <div className={styles.form} aria-live="polite">
            <p>
              {formatCount(found.data.stored_events)} events, about {formatBytes(found.data.stored_bytes)}
              {found.data.oldest_day ? `, the oldest of ${found.data.oldest_day}` : ""}.
            </p>
            {excess.map((one) => (
              <p key={one.reason}>
                {one.reason === "retention_by_age" ? "Too old" : "Too much"}:{" "}
                <strong>{formatCount(one.events)} events</strong> before {one.before}.
              </p>
            ))}
            {excess.length === 0 ? <p className="quiet">Nothing is beyond these limits.</p> : null}
            {excess.length > 0 && !changed ? (
              <div>
                <Button
                  color="red"
                  variant="light"
                  loading={applying.isPending}
                  onClick={() =>
                    window.confirm("Remove these events now? They cannot be brought back.") && applying.mutate()
                  }
                >
                  Remove them now
                </Button>
              </div>
            ) : null}
            {excess.length > 0 && changed ? <p className="quiet">They go after you have saved.</p> : null}
            {applying.error ? <Problem problem={applying.error} /> : null}
          </div>
        ) : found.error ? (
          <Failure problem={found.error} onRetry={() => found.refetch()} />
        ) : (
          <Loading lines={2} />
        )}
      </Panel>
    </div>
  );
}
