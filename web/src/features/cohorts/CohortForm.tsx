import { Button, FileButton, SegmentedControl, Switch, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { type Cohort, type CohortChange, changeCohort, createCohort } from "@/api/cohorts";
import { useProject, useProjectPath } from "@/api/session";
import { CohortSize } from "@/features/cohorts/CohortSize";
import styles from "@/features/cohorts/cohorts.module.css";
import { asTree, criteriaOf, csvOf, lacks } from "@/features/cohorts/criteria";
import { GroupEditor } from "@/features/cohorts/GroupEditor";
import { Problem } from "@/ui/states/States";

/** A new cohort, or one to be changed. A list stays a list: ids that are given are added to it. */
export function CohortForm({ cohort }: { cohort?: Cohort }) {
  const { id } = useProject();
  const path = useProjectPath();
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  const [name, setName] = useState(cohort?.name ?? "");
  const [description, setDescription] = useState(cohort?.description ?? "");
  const [isList, setIsList] = useState(cohort?.is_static ?? false);
  const [tree, setTree] = useState(() => asTree(cohort?.filters?.properties));
  const [outside, setOutside] = useState(cohort?.filters?.filterTestAccounts ?? false);
  const [ids, setIds] = useState("");

  const criteria = criteriaOf(tree);
  const body: CohortChange = {
    name: name.trim(),
    description: description.trim(),
    ...(isList
      ? { is_static: true, ...(ids.trim() ? { csv: csvOf(ids) } : {}) }
      : {
          // Whatever else the API keeps with the criteria stays.
          filters: { ...cohort?.filters, properties: criteria, filterTestAccounts: outside },
        }),
  };
  const saving = useMutation({
    mutationFn: () => (cohort ? changeCohort(id, cohort.id, body) : createCohort(id, body)),
    onSuccess: async (saved) => {
      setIds("");
      queries.setQueryData(["cohort", id, saved.id], saved);
      notifications.show({ message: "Saved" });
      if (!cohort) navigate(path(`cohorts/${saved.id}`));
      await queries.invalidateQueries({ queryKey: ["cohorts", id] });
      await queries.invalidateQueries({ queryKey: ["cohort_persons", id, saved.id] });
    },
  });
  const missing = isList ? null : lacks(criteria);
  const countable = criteria.values.length > 0 && missing === null ? (body.filters ?? null) : null;
  const complete =
    name.trim() !== "" && (isList ? cohort || ids.trim() : criteria.values.length > 0 && missing === null);
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (complete) saving.mutate();
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
        maxRows={6}
        maxLength={1000}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      {cohort ? null : (
        <SegmentedControl
          className={styles.kind}
          size="xs"
          aria-label="Kind of cohort"
          data={[
            { value: "criteria", label: "By criteria" },
            { value: "list", label: "List of ids" },
          ]}
          value={isList ? "list" : "criteria"}
          onChange={(kind) => setIsList(kind === "list")}
        />
      )}
      {isList ? (
        <div className={styles.ids}>
          <Textarea
            label="Distinct ids"
            description="One a line, or a CSV with a column distinct_id"
            autosize
            minRows={4}
            maxRows={14}
            value={ids}
            onChange={(event) => setIds(event.currentTarget.value)}
          />
          <div>
            <FileButton
              accept=".csv,.txt,text/csv,text/plain"
              inputProps={{ "aria-label": "CSV file" }}
              onChange={async (file) => file && setIds(await file.text())}
            >
              {(props) => (
                <Button {...props} variant="default">
                  Read a CSV file
                </Button>
              )}
            </FileButton>
          </div>
        </div>
      ) : (
        <>
          <GroupEditor group={tree} name="Criteria" depth={1} onChange={setTree} />
          <Switch
            label="Leave out internal and test users"
            description="By those of the project's filters for them that go by properties of persons."
            checked={outside}
            onChange={(event) => setOutside(event.currentTarget.checked)}
          />
          {missing ? <p className="quiet">{missing}</p> : null}
        </>
      )}
      {saving.error ? <Problem problem={saving.error} /> : null}
      <div className={styles.row}>
        <Button type="submit" disabled={!complete} loading={saving.isPending}>
          {cohort ? "Save" : "Create"}
        </Button>
        {isList ? null : <CohortSize filters={countable} />}
      </div>
    </form>
  );
}
