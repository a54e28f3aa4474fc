import { ActionIcon, Menu } from "@mantine/core";
import { IconRoute } from "@tabler/icons-react";
import type { FunnelPart, FunnelStep, FunnelsQuery } from "@/api/insights";
import { formatCount, formatDuration, formatPercent } from "@/ui/format";
import styles from "@/ui/insights/insights.module.css";
import { seriesName } from "@/ui/insights/names";

export type OnStep = (at: number, dropped: boolean, breakdown?: FunnelStep["breakdown_value"]) => void;

/** Paths around a step, counted from 1; a negative one means those who dropped off before it. */
export type OnPaths = (step: number, part: FunnelPart) => void;

interface FunnelStepsProps {
  query: FunnelsQuery;
  steps: FunnelStep[];
  onStep?: OnStep;
  onPaths?: OnPaths;
}

/** The step that people had to do before step `at`: optional ones between do not count. */
function before(query: FunnelsQuery, at: number): number {
  let earlier = at - 1;
  while (earlier > 0 && query.series[earlier]?.optionalInFunnel) earlier -= 1;
  return earlier;
}

/** What a step is called; of several events the answer has only a list. */
function nameOf(query: FunnelsQuery, step: FunnelStep): string {
  const series = query.series[step.order];
  const several = series?.kind === "GroupNode" && query.funnelsFilter?.funnelOrderType !== "unordered";
  return step.custom_name || (several ? seriesName(series) : step.name);
}

/** Bars of who reached each step. Fills and drop-offs open their people. */
export function FunnelSteps({ query, steps, onStep, onPaths }: FunnelStepsProps) {
  const entered = steps[0]?.count ?? 0;
  const ofBefore = query.funnelsFilter?.funnelStepReference === "previous";
  const share = (part: number, whole: number) => (whole > 0 ? part / whole : 0);
  return (
    <ol className={styles.steps}>
      {steps.map((step, at) => {
        const earlier = at === 0 ? step : steps[before(query, at)];
        const from = earlier?.count ?? 0;
        const lost = Math.max(0, from - step.count);
        const width = Math.min(1, share(step.count, entered));
        const name = nameOf(query, step);
        const optional = query.series[at]?.optionalInFunnel;
        return (
          <li key={step.order} className={styles.step}>
            <div className={styles.stepHead}>
              <strong>
                {at + 1}. {name}
                {optional ? <span className="quiet"> (optional)</span> : null}
              </strong>
              <span className={styles.stepCount}>
                <span>
                  <strong>{formatPercent(share(step.count, ofBefore ? from : entered))}</strong> ·{" "}
                  {formatCount(step.count)}
                </span>
                {onPaths ? <PathsMenu step={at + 1} name={name} onPaths={onPaths} /> : null}
              </span>
            </div>
            <div className={styles.track}>
              {onStep && step.count > 0 ? (
                <button
                  type="button"
                  className={styles.fill}
                  style={{ width: `${width * 100}%` }}
                  aria-label={`The ${formatCount(step.count)} who reached ${name}`}
                  onClick={() => onStep(at, false, step.breakdown_value)}
                />
              ) : (
                <div className={styles.fill} style={{ width: `${width * 100}%` }} />
              )}
              {onStep && at > 0 && lost > 0 ? (
                <button
                  type="button"
                  className={styles.drop}
                  aria-label={`The ${formatCount(lost)} who did not reach ${name}`}
                  onClick={() => onStep(at, true, step.breakdown_value)}
                />
              ) : (
                <div className={styles.drop} />
              )}
            </div>
            {at > 0 ? (
              <div className={styles.stepFoot}>
                <span>
                  {from > 0 ? formatPercent(step.count / (ofBefore ? entered : from)) : "–"}{" "}
                  {ofBefore ? "of the first step" : "of the step before"}
                </span>
                <span>
                  {formatCount(lost)} {optional ? "left it out" : "dropped off"}
                </span>
                {step.median_conversion_time !== null ? (
                  <span>
                    {formatDuration(step.median_conversion_time)} median
                    {step.average_conversion_time !== null
                      ? `, ${formatDuration(step.average_conversion_time)} average`
                      : ""}
                  </span>
                ) : null}
              </div>
            ) : null}
          </li>
        );
      })}
    </ol>
  );
}

/** What people did around a step. */
function PathsMenu({ step, name, onPaths }: { step: number; name: string; onPaths: OnPaths }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size="sm" aria-label={`Paths around ${name}`} title="Paths">
          <IconRoute size={15} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onPaths(step, "funnel_path_before_step")}>Paths before this step</Menu.Item>
        {step > 1 ? (
          <Menu.Item onClick={() => onPaths(step, "funnel_path_between_steps")}>
            Paths between the step before and this one
          </Menu.Item>
        ) : null}
        <Menu.Item onClick={() => onPaths(step, "funnel_path_after_step")}>Paths after this step</Menu.Item>
        {step > 1 ? (
          <>
            <Menu.Divider />
            <Menu.Item onClick={() => onPaths(-step, "funnel_path_before_step")}>Paths before dropping off</Menu.Item>
            <Menu.Item onClick={() => onPaths(-step, "funnel_path_after_step")}>Paths after dropping off</Menu.Item>
          </>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}
