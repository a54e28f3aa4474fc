import { ActionIcon, NumberInput, Popover, Switch } from "@mantine/core";
import { IconAdjustments, IconX } from "@tabler/icons-react";
import { useCohorts } from "@/api/cohorts";
import type { Breakdown, BreakdownFilter } from "@/api/insights";
import { ALL_USERS, breakdownsOf, MOST_BREAKDOWNS, withAnother, withBreakdowns } from "@/features/insight/breakdowns";
import styles from "@/features/insight/InsightPage.module.css";
import { PropertyPicker } from "@/ui/pickers/PropertyPicker";
import { ALL_OWNERS } from "@/ui/pickers/usePropertyChoices";

const MOST_BINS = 100;
const MOST_VALUES = 100;
const USUAL_VALUES = 25;

interface BreakdownsProps {
  filter: BreakdownFilter | undefined;
  /** Numbers can be put into bins; only trends do. */
  withBins?: boolean;
  onChange: (filter: BreakdownFilter | undefined) => void;
}

/** What the answer is broken down by: up to three properties or expressions, or any number of cohorts. */
export function Breakdowns({ filter, withBins = false, onChange }: BreakdownsProps) {
  const list = breakdownsOf(filter);
  const ofCohorts = list.some((one) => one.type === "cohort");
  const set = (next: Breakdown[]) => onChange(withBreakdowns(filter, next));
  return (
    <>
      <span className={styles.label}>Broken down by</span>
      {list.map((one, at) => (
        <One
          key={`${one.type}-${one.property}`}
          breakdown={one}
          withBins={withBins}
          onChange={(changed) => set(list.map((old, i) => (i === at ? changed : old)))}
          onRemove={() => set(list.filter((_, i) => i !== at))}
        />
      ))}
      {ofCohorts || list.length < MOST_BREAKDOWNS ? (
        <PropertyPicker
          label="Breakdown"
          ghost
          text={list.length === 0 ? "Property" : "And"}
          owners={ALL_OWNERS}
          onPick={(picked) => set(withAnother(list, picked))}
        />
      ) : null}
      {list.length > 0 && !ofCohorts ? (
        <Limits filter={filter ?? {}} onChange={(limits) => onChange({ ...filter, ...limits })} />
      ) : null}
    </>
  );
}

interface OneProps {
  breakdown: Breakdown;
  withBins: boolean;
  onChange: (breakdown: Breakdown) => void;
  onRemove: () => void;
}

function One({ breakdown, withBins, onChange, onRemove }: OneProps) {
  const cohorts = useCohorts("", 0, 100, breakdown.type === "cohort");
  const cohort = cohorts.data?.results.find((one) => one.id === breakdown.property)?.name;
  const everybody = breakdown.property === ALL_USERS ? "all users" : null;
  const name =
    breakdown.type === "cohort" ? (everybody ?? cohort ?? `Cohort ${breakdown.property}`) : breakdown.property;
  return (
    <span className={styles.chip}>
      <span className={styles.chipText} title={String(name)}>
        {name}
      </span>
      {breakdown.type !== "cohort" ? (
        <Popover position="bottom-start" trapFocus returnFocus>
          <Popover.Target>
            <ActionIcon size="sm" aria-label={`Options of the breakdown ${name}`}>
              <IconAdjustments size={14} />
            </ActionIcon>
          </Popover.Target>
          <Popover.Dropdown>
            <div className={styles.options}>
              {withBins ? (
                <NumberInput
                  size="xs"
                  label="Bins"
                  description="Puts numbers into so many ranges"
                  placeholder="None"
                  min={1}
                  max={MOST_BINS}
                  allowDecimal={false}
                  value={breakdown.histogram_bin_count ?? ""}
                  onChange={(bins) =>
                    onChange({
                      ...breakdown,
                      histogram_bin_count: typeof bins === "number" && bins > 0 ? bins : undefined,
                    })
                  }
                />
              ) : null}
              <Switch
                size="xs"
                label="Addresses without a last slash"
                checked={breakdown.normalize_url ?? false}
                onChange={(event) =>
                  onChange({ ...breakdown, normalize_url: event.currentTarget.checked || undefined })
                }
              />
            </div>
          </Popover.Dropdown>
        </Popover>
      ) : null}
      <ActionIcon size="sm" aria-label={`Remove the breakdown ${name}`} onClick={onRemove}>
        <IconX size={14} />
      </ActionIcon>
    </span>
  );
}

function Limits({ filter, onChange }: { filter: BreakdownFilter; onChange: (limits: BreakdownFilter) => void }) {
  return (
    <Popover position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon aria-label="How many values">
          <IconAdjustments size={15} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <div className={styles.options}>
          <NumberInput
            size="xs"
            label="Values shown by name"
            min={1}
            max={MOST_VALUES}
            allowDecimal={false}
            value={filter.breakdown_limit ?? USUAL_VALUES}
            onChange={(limit) =>
              onChange({ breakdown_limit: typeof limit === "number" && limit !== USUAL_VALUES ? limit : undefined })
            }
          />
          <Switch
            size="xs"
            label="Leave out what is beyond"
            checked={filter.breakdown_hide_other_aggregation ?? false}
            onChange={(event) =>
              onChange({ breakdown_hide_other_aggregation: event.currentTarget.checked || undefined })
            }
          />
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
