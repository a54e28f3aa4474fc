import { ActionIcon, Button, Select } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { FunnelPart, FunnelsQuery, PathsQuery } from "@/api/insights";
import { PARTS, partsOf, stepChoices, withStep } from "@/features/insight/funnelPaths";
import styles from "@/features/insight/InsightPage.module.css";

interface FunnelPathsProps {
  query: PathsQuery;
  onChange: (query: PathsQuery | FunnelsQuery) => void;
}

/** Which step of which funnel the paths are around. */
export function FunnelPathsLine({ query, onChange }: FunnelPathsProps) {
  const paths = query.funnelPathsFilter;
  if (!paths) return null;
  return (
    <div className={styles.line}>
      <span className={styles.label}>Of a funnel's people</span>
      <Select
        className={styles.wide}
        aria-label="Part of the way"
        data={partsOf(paths.funnelStep).map((part) => ({ value: part, label: PARTS[part] }))}
        value={paths.funnelPathType}
        onChange={(part) => onChange({ ...query, funnelPathsFilter: { ...paths, funnelPathType: part as FunnelPart } })}
      />
      <Select
        className={styles.wide}
        aria-label="Step of the funnel"
        data={stepChoices(paths.funnelSource)}
        value={String(paths.funnelStep)}
        onChange={(step) => onChange({ ...query, funnelPathsFilter: withStep(paths, Number(step)) })}
      />
      <Button variant="default" onClick={() => onChange(paths.funnelSource)}>
        Open the funnel
      </Button>
      <ActionIcon
        aria-label="Paths of everybody"
        title="Paths of everybody"
        onClick={() => onChange({ ...query, funnelPathsFilter: undefined })}
      >
        <IconX size={15} />
      </ActionIcon>
    </div>
  );
}
