import { ActionIcon, Button, SegmentedControl } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { Filters, PropertyGroup } from "@/api/insights";
import { asGroup, groupsOf, leavesOf, simplest } from "@/ui/pickers/filterGroups";
import { PropertyFilters } from "@/ui/pickers/PropertyFilters";
import styles from "@/ui/pickers/pickers.module.css";
import { FILTER_OWNERS, type Owner } from "@/ui/pickers/usePropertyChoices";

const DEEPEST = 3; // groups inside each other; deeper ones are shown but not made here

interface FilterGroupsProps {
  filters: Filters | undefined;
  owners?: Owner[];
  onChange: (filters: Filters) => void;
}

/** Filters of which all or any must hold, and groups of them inside each other. */
export function FilterGroups({ filters, owners = FILTER_OWNERS, onChange }: FilterGroupsProps) {
  return (
    <Group
      group={asGroup(filters)}
      owners={owners}
      depth={1}
      name="Filters"
      onChange={(group) => onChange(simplest(group))}
    />
  );
}

interface GroupProps {
  group: PropertyGroup;
  owners: Owner[];
  depth: number;
  name: string;
  onChange: (group: PropertyGroup) => void;
  onRemove?: () => void;
}

function Group({ group, owners, depth, name, onChange, onRemove }: GroupProps) {
  // A new group stays here until it has a filter: an empty one would hold for everything.
  const [begun, setBegun] = useState(false);
  const leaves = leavesOf(group);
  const groups = groupsOf(group);
  const several = group.values.length > 1;
  const withGroups = (next: PropertyGroup[]) => onChange({ ...group, values: [...leaves, ...next] });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset with a legend would not lie in a line
    <div role="group" aria-label={name} className={depth > 1 ? styles.group : styles.filters}>
      {several ? (
        <SegmentedControl
          size="xs"
          aria-label={`${name}: how they join`}
          data={[
            { value: "AND", label: "All of" },
            { value: "OR", label: "Any of" },
          ]}
          value={group.type}
          onChange={(type) => onChange({ ...group, type: type as PropertyGroup["type"] })}
        />
      ) : null}
      <PropertyFilters
        filters={leaves}
        owners={owners}
        onChange={(next) => onChange({ ...group, values: [...next, ...groups] })}
      />
      {groups.map((one, at) => (
        <Group
          key={at}
          group={one}
          owners={owners}
          depth={depth + 1}
          name={`${name} ${at + 1}`}
          onChange={(changed) => withGroups(groups.map((old, i) => (i === at ? changed : old)))}
          onRemove={() => withGroups(groups.filter((_, i) => i !== at))}
        />
      ))}
      {begun ? (
        <Group
          group={{ type: "AND", values: [] }}
          owners={owners}
          depth={depth + 1}
          name={`${name} ${groups.length + 1}`}
          onChange={(made) => {
            setBegun(false);
            withGroups([...groups, made]);
          }}
          onRemove={() => setBegun(false)}
        />
      ) : null}
      {depth < DEEPEST && group.values.length > 0 && !begun ? (
        <Button variant="subtle" color="gray" aria-label={`${name}: add a group`} onClick={() => setBegun(true)}>
          Group
        </Button>
      ) : null}
      {onRemove ? (
        <ActionIcon size="sm" aria-label={`Remove ${name}`} onClick={onRemove}>
          <IconX size={14} />
        </ActionIcon>
      ) : null}
    </div>
  );
}
