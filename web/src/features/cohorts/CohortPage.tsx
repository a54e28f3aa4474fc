import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useLocation, useParams } from "wouter";
import { type Cohort, calculateCohort, copyAsList, deleteCohort, useCohort } from "@/api/cohorts";
import { useProject, useProjectPath } from "@/api/session";
import { CohortForm } from "@/features/cohorts/CohortForm";
import { CohortPersons } from "@/features/cohorts/CohortPersons";
import styles from "@/features/cohorts/cohorts.module.css";
import { formatCount } from "@/ui/format";
import { Page, Panel } from "@/ui/Page";
import { Failure, Loading, messageOf } from "@/ui/states/States";
import { Time } from "@/ui/Time";

export default function CohortPage() {
  const { cohortId } = useParams<{ cohortId: string }>();
  return cohortId === "new" ? <NewCohort /> : <OneCohort cohortId={Number(cohortId)} />;
}

function NewCohort() {
  return (
    <Page title="New cohort">
      <Panel padded>
        <CohortForm />
      </Panel>
    </Page>
  );
}

function OneCohort({ cohortId }: { cohortId: number }) {
  const asked = useCohort(cohortId);
  if (!asked.data) {
    return (
      <Page title="Cohort">
        <Panel>{asked.error ? <Failure problem={asked.error} onRetry={() => asked.refetch()} /> : <Loading />}</Panel>
      </Page>
    );
  }
  const cohort = asked.data;
  return (
    <Page title={cohort.name || "Untitled"} actions={<Actions cohort={cohort} />}>
      <Panel>
        <dl className={styles.facts} aria-live="polite">
          <div>
            <dt>Persons</dt>
            <dd>{cohort.count === null ? "–" : formatCount(cohort.count)}</dd>
          </div>
          <div>
            <dt>Kind</dt>
            <dd>{cohort.is_static ? "List" : "By criteria"}</dd>
          </div>
          <div>
            <dt>Last calculated</dt>
            <dd>{cohort.is_calculating ? "Calculating…" : <Time at={cohort.last_calculation} form="ago" />}</dd>
          </div>
        </dl>
        {cohort.errors_calculating > 0 && cohort.last_error_message ? (
          <p className={styles.problem} role="alert">
            The last calculation failed: {cohort.last_error_message}
          </p>
        ) : null}
      </Panel>
      <Panel padded title={cohort.is_static ? "Add to the list" : "Criteria"}>
        <CohortForm key={cohort.id} cohort={cohort} />
      </Panel>
      <CohortPersons cohort={cohort} />
    </Page>
  );
}

function Actions({ cohort }: { cohort: Cohort }) {
  const { id } = useProject();
  const path = useProjectPath();
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  const onError = (problem: unknown) => notifications.show({ message: messageOf(problem), color: "red" });
  const calculating = useMutation({
    mutationFn: () => calculateCohort(id, cohort.id),
    onSuccess: (changed) => queries.setQueryData(["cohort", id, cohort.id], changed),
    onError,
  });
  const copying = useMutation({
    mutationFn: () => copyAsList(id, cohort.id),
    onSuccess: async (made) => {
      notifications.show({ message: "A list of those who are in it now" });
      navigate(path(`cohorts/${made.id}`));
      await queries.invalidateQueries({ queryKey: ["cohorts", id] });
    },
    onError,
  });
  const deleting = useMutation({
    mutationFn: () => deleteCohort(id, cohort.id),
    onSuccess: async () => {
      navigate(path("cohorts"));
      await queries.invalidateQueries({ queryKey: ["cohorts", id] });
    },
    onError,
  });
  return (
    <>
      {cohort.is_static ? null : (
        <Button
          variant="default"
          loading={calculating.isPending || cohort.is_calculating}
          onClick={() => calculating.mutate()}
        >
          Calculate now
        </Button>
      )}
      <Button variant="default" loading={copying.isPending} onClick={() => copying.mutate()}>
        Copy as a list
      </Button>
      <Button
        variant="default"
        loading={deleting.isPending}
        onClick={() =>
          window.confirm(`Delete the cohort “${cohort.name}”? Insights that filter by it can no longer be computed.`) &&
          deleting.mutate()
        }
      >
        Delete
      </Button>
    </>
  );
}
