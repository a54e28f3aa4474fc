import { Button, MultiSelect, NumberInput, Select, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useProject } from "@/api/session";
import { type Frequency, type Subscribed, subscribe, type Target } from "@/api/subscriptions";
import { fromLocal, toLocal } from "@/ui/annotations/localTime";
import { Problem } from "@/ui/states/States";
import styles from "@/ui/subscriptions/subscriptions.module.css";

const MOST_INSIGHTS = 6; // of a dashboard in one message; the API's limit
const TARGETS: Record<Target, { name: string; value: string; example: string }> = {
  email: { name: "Mail", value: "Addresses, separated by commas", example: "ada@example.com" },
  slack: { name: "Slack", value: "Channel", example: "#numbers" },
  webhook: { name: "Webhook", value: "Address", example: "https://example.com/hook" },
};
const FREQUENCIES: Record<Frequency, string> = { daily: "days", weekly: "weeks", monthly: "months", yearly: "years" };

interface SubscriptionFormProps {
  to: Subscribed;
  insights?: { id: number; name: string }[];
  onDone: () => void;
}

/** A new subscription. */
export function SubscriptionForm({ to, insights, onDone }: SubscriptionFormProps) {
  const { id } = useProject();
  const queries = useQueryClient();
  const [draft, setDraft] = useState({
    title: "",
    target: "email" as Target,
    value: "",
    frequency: "weekly" as Frequency,
    interval: 1,
    start: toLocal(new Date()),
    chosen: (insights ?? []).slice(0, MOST_INSIGHTS).map((one) => String(one.id)),
  });
  const put = (changes: Partial<typeof draft>) => setDraft({ ...draft, ...changes });
  const target = TARGETS[draft.target];
  const start = fromLocal(draft.start);
  const saving = useMutation({
    mutationFn: () =>
      subscribe(id, {
        ...to,
        ...(insights ? { dashboard_export_insights: draft.chosen.map(Number) } : {}),
        title: draft.title.trim() || undefined,
        target_type: draft.target,
        target_value: draft.value.trim(),
        frequency: draft.frequency,
        interval: draft.interval,
        start_date: start ?? undefined,
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["subscriptions", id] });
      onDone();
    },
  });
  return (
    <form
      className={styles.stack}
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate();
      }}
    >
      <TextInput
        label="Name"
        maxLength={100}
        data-autofocus
        value={draft.title}
        onChange={(event) => put({ title: event.currentTarget.value })}
      />
      <Select
        size="sm"
        label="By"
        data={Object.entries(TARGETS).map(([value, { name }]) => ({ value, label: name }))}
        value={draft.target}
        onChange={(next) => put({ target: next as Target, value: "" })}
      />
      <TextInput
        label={target.value}
        placeholder={target.example}
        required
        value={draft.value}
        onChange={(event) => put({ value: event.currentTarget.value })}
      />
      <div className={styles.line}>
        <span>Every</span>
        <NumberInput
          size="xs"
          w={76}
          aria-label="How many"
          min={1}
          max={1000}
          allowDecimal={false}
          value={draft.interval}
          onChange={(interval) => typeof interval === "number" && interval >= 1 && put({ interval })}
        />
        <Select
          w={120}
          aria-label="Days, weeks, months or years"
          data={Object.entries(FREQUENCIES).map(([value, label]) => ({ value, label }))}
          value={draft.frequency}
          onChange={(next) => put({ frequency: next as Frequency })}
        />
      </div>
      <TextInput
        label="From"
        type="datetime-local"
        required
        value={draft.start}
        onChange={(event) => put({ start: event.currentTarget.value })}
      />
      {insights ? (
        <MultiSelect
          size="sm"
          label={`Insights, at most ${MOST_INSIGHTS}`}
          maxValues={MOST_INSIGHTS}
          data={insights.map((one) => ({ value: String(one.id), label: one.name }))}
          value={draft.chosen}
          onChange={(chosen) => put({ chosen })}
        />
      ) : null}
      {saving.error ? <Problem problem={saving.error} /> : null}
      <div className={styles.line}>
        <Button
          type="submit"
          loading={saving.isPending}
          disabled={!draft.value.trim() || start === null || (insights !== undefined && draft.chosen.length === 0)}
        >
          Subscribe
        </Button>
        <Button variant="subtle" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
