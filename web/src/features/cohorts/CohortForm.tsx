import { Button, FileButton, SegmentedControl, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { type Cohort, type CohortChange, changeCohort, createCohort } from "@/api/cohorts";
import { useProject, useProjectPath } from "@/api/session";
import styles from "@/features/cohorts/cohorts.module.css";
import { criteriaOf, csvOf, EMPTY, type Group, groupsOf } from "@/features/cohorts/criteria";
import { GroupEditor } from "@/features/cohorts/GroupEditor";
import { Problem } from "@/ui/states/States";

/** A new cohort, or one to be changed. A list stays a list: ids that are given are added to it. */
export function CohortForm({ cohort }: { cohort?: Cohort }) {
  const { id } = useProject();
  const path = useProjectPath();
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  const stored = cohort && !cohort.is_static ? groupsOf(cohort.filters?.properties) : [EMPTY];
  const [name, setName] = useState(cohort?.name ?? "");
  const [isList, setIsList] = useState(cohort?.is_static ?? false);
  const [groups, setGroups] = useState<Group[]>(stored ?? []);
  const [ids, setIds] = useState("");

  const criteria = criteriaOf(groups);
  const editable = stored !== null;
  const body: CohortChange = {
    name: name.trim(),
    ...(isList ? { is_static: true, ...(ids.trim() ? { csv: csvOf(ids) } : {}) } : {}),
    ...(!isList && editable ? { filters: { properties: criteria } } : {}),
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
  const complete = name.trim() !== "" && (isList ? cohort || ids.trim() : !editable || criteria.values.length > 0);
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
      ) : editable ? (
        <>
          {groups.map((group, at) => (
            <div key={at} className={styles.groups}>
              {at > 0 ? <p className="quiet">or</p> : null}
              <GroupEditor
                number={at + 1}
                group={group}
                onChange={(changed) => setGroups(groups.map((old, i) => (i === at ? changed : old)))}
                onRemove={groups.length > 1 ? () => setGroups(groups.filter((_, i) => i !== at)) : undefined}
              />
            </div>
          ))}
          <div>
            <Button variant="default" onClick={() => setGroups([...groups, EMPTY])}>
              Or another group
            </Button>
          </div>
        </>
      ) : (
        <p className="quiet">
          These criteria were made through the API and say more than this form can show. They stay as they are.
        </p>
      )}
      {saving.error ? <Problem problem={saving.error} /> : null}
      <div>
        <Button type="submit" disabled={!complete} loading={saving.isPending}>
          {cohort ? "Save" : "Create"}
        </Button>
      </div>
    </form>
  );
}
