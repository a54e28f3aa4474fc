import { ActionIcon, Button, SegmentedControl } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { Behaviour, CriteriaGroup } from "@/api/cohorts";
import { BehaviourRow } from "@/features/cohorts/BehaviourRow";
import styles from "@/features/cohorts/cohorts.module.css";
import { behavioursOf, didEvent, EMPTY, filtersOf, groupsOf } from "@/features/cohorts/criteria";
import { pickedKey } from "@/features/cohorts/eventOf";
import { EventPicker } from "@/ui/pickers/EventPicker";
import { PropertyFilters } from "@/ui/pickers/PropertyFilters";
import type { Owner } from "@/ui/pickers/usePropertyChoices";

const DEEPEST = 4; // groups inside each other; deeper ones are shown but not made here
const WHAT_THEY_ARE: Owner[] = ["person", "cohort"];

interface GroupEditorProps {
  group: CriteriaGroup;
  name: string;
  depth: number;
  onChange: (group: CriteriaGroup) => void;
  onRemove?: () => void;
}

/** Criteria of which all or any must hold, and groups of them inside each other. The outermost holds only groups. */
export function GroupEditor({ group, name, depth, onChange, onRemove }: GroupEditorProps) {
  const filters = filtersOf(group);
  const behaviours = behavioursOf(group);
  const groups = groupsOf(group);
  const outermost = depth === 1;
  const withBehaviours = (next: Behaviour[]) => onChange({ ...group, values: [...filters, ...next, ...groups] });
  const withGroups = (next: CriteriaGroup[]) => onChange({ ...group, values: [...filters, ...behaviours, ...next] });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset's legend would not lie in its first line
    <div role="group" aria-label={name} className={outermost ? styles.groups : styles.group}>
      {outermost && groups.length < 2 ? null : (
        <div className={styles.row}>
          <span className={styles.groupName}>{outermost ? "Persons match" : name}</span>
          <SegmentedControl
            size="xs"
            aria-label={`${name}: how they join`}
            data={[
              { value: "AND", label: outermost ? "All groups" : "All of" },
              { value: "OR", label: outermost ? "Any group" : "Any of" },
            ]}
            value={group.type}
            onChange={(type) => onChange({ ...group, type: type as CriteriaGroup["type"] })}
          />
          {onRemove ? (
            <ActionIcon className={styles.remove} aria-label={`Remove ${name}`} onClick={onRemove}>
              <IconX size={15} />
            </ActionIcon>
          ) : null}
        </div>
      )}
      {behaviours.map((behaviour, at) => (
        <BehaviourRow
          key={at}
          number={at + 1}
          behaviour={behaviour}
          onChange={(changed) => withBehaviours(behaviours.map((old, i) => (i === at ? changed : old)))}
          onRemove={() => withBehaviours(behaviours.filter((_, i) => i !== at))}
        />
      ))}
      {groups.map((one, at) => (
        <GroupEditor
          key={at}
          group={one}
          name={`${outermost ? "Group" : name} ${at + 1}`}
          depth={depth + 1}
          onChange={(changed) => withGroups(groups.map((old, i) => (i === at ? changed : old)))}
          onRemove={outermost && groups.length < 2 ? undefined : () => withGroups(groups.filter((_, i) => i !== at))}
        />
      ))}
      <div className={styles.row}>
        {outermost ? null : (
          <>
            <PropertyFilters
              filters={filters}
              owners={WHAT_THEY_ARE}
              add="Property or cohort"
              onChange={(next) => onChange({ ...group, values: [...next, ...behaviours, ...groups] })}
            />
            <EventPicker
              label="Add an event"
              ghost
              text="Did an event"
              withAll={false}
              withActions
              onPick={(picked) => {
                const found = pickedKey(picked);
                if (found) withBehaviours([...behaviours, didEvent(...found)]);
              }}
            />
          </>
        )}
        {depth < DEEPEST ? (
          <Button
            variant={outermost ? "default" : "subtle"}
            color="gray"
            aria-label={outermost ? undefined : `${name}: add a group`}
            onClick={() => withGroups([...groups, EMPTY])}
          >
            {outermost ? "Another group" : "Group"}
          </Button>
        ) : null}
      </div>
    </div>
  );
}
