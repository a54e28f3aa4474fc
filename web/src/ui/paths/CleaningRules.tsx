import { ActionIcon, Button } from "@mantine/core";
import { IconArrowUp, IconX } from "@tabler/icons-react";
import type { CleaningRule } from "@/api/insights";
import styles from "@/ui/paths/paths.module.css";
import { LaterText } from "@/ui/pickers/LaterText";

interface CleaningRulesProps {
  /** Whose rules, for those who hear the fields. */
  label: string;
  rules: CleaningRule[];
  onChange: (rules: CleaningRule[]) => void;
}

/** Rules without holes, numbered in their order. */
export const inOrder = (rules: CleaningRule[]): Required<CleaningRule>[] =>
  [...rules].sort((a, b) => (a.order ?? 0) - (b.order ?? 0)).map((rule, order) => ({ ...rule, order }));

/** The rules that look for something, as they are stored. */
export const finished = (rules: CleaningRule[]) => inOrder(rules.filter((rule) => rule.regex !== ""));

/** Regular expressions and what their matches are called, applied from the first to the last. */
export function CleaningRules({ label, rules, onChange }: CleaningRulesProps) {
  const list = inOrder(rules);
  const put = (at: number, changes: Partial<CleaningRule>) =>
    onChange(list.map((rule, i) => (i === at ? { ...rule, ...changes } : rule)));
  const swap = (at: number) =>
    onChange(
      list
        .map((rule, i) => (i === at ? { ...rule, order: at - 1 } : i === at - 1 ? { ...rule, order: at } : rule))
        .sort((a, b) => a.order - b.order),
    );
  return (
    <div className={styles.rules}>
      {list.map((rule, at) => (
        <div key={at} className={styles.rule}>
          <LaterText
            label={`${label} ${at + 1}: regular expression`}
            placeholder="/notes/[0-9]+"
            value={rule.regex}
            onApply={(regex) => put(at, { regex })}
          />
          <span className="quiet">as</span>
          <LaterText
            label={`${label} ${at + 1}: alias`}
            placeholder="/notes/<id>"
            value={rule.alias}
            onApply={(alias) => put(at, { alias })}
          />
          <ActionIcon aria-label={`Apply rule ${at + 1} earlier`} disabled={at === 0} onClick={() => swap(at)}>
            <IconArrowUp size={15} />
          </ActionIcon>
          <ActionIcon
            aria-label={`Remove rule ${at + 1}`}
            onClick={() => onChange(inOrder(list.filter((_, i) => i !== at)))}
          >
            <IconX size={15} />
          </ActionIcon>
        </div>
      ))}
      <Button variant="subtle" onClick={() => onChange([...list, { regex: "", alias: "", order: list.length }])}>
        Add a rule
      </Button>
    </div>
  );
}
