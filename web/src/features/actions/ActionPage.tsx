import { Button, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation, useParams } from "wouter";
import {
  type ActionStep,
  changeAction,
  createAction,
  deleteAction,
  type StoredAction,
  useStoredAction,
} from "@/api/actions";
import { useProject, useProjectPath } from "@/api/session";
import styles from "@/features/actions/actions.module.css";
import { MatchingEvents } from "@/features/actions/MatchingEvents";
import { StepEditor } from "@/features/actions/StepEditor";
import { Page, Panel } from "@/ui/Page";
import { Failure, Loading, messageOf, Problem } from "@/ui/states/States";

const TYPING = 400; // milliseconds of rest before the matching events are asked for

export default function ActionPage() {
  const { actionId } = useParams<{ actionId: string }>();
  return actionId === "new" ? <ActionEditor /> : <Stored actionId={Number(actionId)} />;
}

function Stored({ actionId }: { actionId: number }) {
  const asked = useStoredAction(actionId);
  if (asked.data) return <ActionEditor key={asked.data.id} action={asked.data} />;
  return (
    <Page title="Action">
      <Panel>{asked.error ? <Failure problem={asked.error} onRetry={() => asked.refetch()} /> : <Loading />}</Panel>
    </Page>
  );
}

const trendOf = ({ id, name }: StoredAction) =>
  JSON.stringify({ kind: "TrendsQuery", series: [{ kind: "ActionsNode", id, name }] });

function ActionEditor({ action }: { action?: StoredAction }) {
  const { id } = useProject();
  const path = useProjectPath();
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  const [name, setName] = useState(action?.name ?? "");
  const [description, setDescription] = useState(action?.description ?? "");
  const [steps, setSteps] = useState<ActionStep[]>(action?.steps.length ? action.steps : [{ event: "$autocapture" }]);
  const [tags, setTags] = useState(action?.tags ?? []);
  const [rested] = useDebouncedValue(steps, TYPING);
  const saving = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), description: description.trim(), steps, tags };
      return action ? changeAction(id, action.id, body) : createAction(id, body);
    },
    onSuccess: async (saved) => {
      queries.setQueryData(["action", id, saved.id], saved);
      notifications.show({ message: "Saved" });
      if (!action) navigate(path(`actions/${saved.id}`));
      await queries.invalidateQueries({ queryKey: ["actions", id] });
    },
  });
  const deleting = useMutation({
    mutationFn: (actionId: number) => deleteAction(id, actionId),
    onSuccess: async () => {
      navigate(path("actions"));
      await queries.invalidateQueries({ queryKey: ["actions", id] });
    },
    onError: (problem) => notifications.show({ message: messageOf(problem), color: "red" }),
  });
  return (
    <Page
      title={action ? action.name : "New action"}
      actions={
        action ? (
          <>
            <Button component={Link} variant="default" href={path("insight", { q: trendOf(action) })}>
              See as a chart
            </Button>
            <Button
              variant="default"
              loading={deleting.isPending}
              onClick={() =>
                window.confirm(
                  `Delete the action “${action.name}”? Insights that use it count nothing from then on.`,
                ) && deleting.mutate(action.id)
              }
            >
              Delete
            </Button>
          </>
        ) : null
      }
    >
      <Panel padded>
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim()) saving.mutate();
          }}
        >
          <TextInput
            className={styles.title}
            label="Name"
            required
            maxLength={400}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Textarea
            className={styles.title}
            label="Description"
            autosize
            minRows={1}
            maxLength={10_000}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <TagsInput
            className={styles.title}
            size="sm"
            label="Tags"
            value={tags}
            onChange={setTags}
            acceptValueOnBlur
            maxTags={100}
          />
          {steps.map((step, at) => (
            <StepEditor
              key={at}
              number={at + 1}
              step={step}
              onChange={(changed) => setSteps(steps.map((old, i) => (i === at ? changed : old)))}
              onRemove={steps.length > 1 ? () => setSteps(steps.filter((_, i) => i !== at)) : undefined}
            />
          ))}
          {saving.error ? <Problem problem={saving.error} /> : null}
          <div className={styles.condition}>
            <Button type="submit" disabled={!name.trim()} loading={saving.isPending}>
              {action ? "Save" : "Create"}
            </Button>
            <Button variant="default" onClick={() => setSteps([...steps, { event: "$pageview" }])}>
              Or another step
            </Button>
          </div>
        </form>
      </Panel>
      <MatchingEvents steps={rested} />
    </Page>
  );
}
