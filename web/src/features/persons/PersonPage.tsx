import { Tabs } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useLocation, useParams } from "wouter";
import { removePersonProperty, setPersonProperty, usePerson } from "@/api/persons";
import { useProject, useProjectPath } from "@/api/session";
import { DeletePerson } from "@/features/persons/DeletePerson";
import { DistinctIds } from "@/features/persons/DistinctIds";
import { MergeByHand } from "@/features/persons/MergeByHand";
import { MergeLog } from "@/features/persons/MergeLog";
import { PersonActivity } from "@/features/persons/PersonActivity";
import { PersonCohorts } from "@/features/persons/PersonCohorts";
import { PersonEvents } from "@/features/persons/PersonEvents";
import { PersonGroups } from "@/features/persons/PersonGroups";
import { PersonSessions } from "@/features/persons/PersonSessions";
import { PropertyHistory } from "@/features/persons/PropertyHistory";
import { personName } from "@/features/persons/personName";
import styles from "@/features/persons/persons.module.css";
import { CopyButton } from "@/ui/CopyButton";
import { formatCount } from "@/ui/format";
import { Page, Panel } from "@/ui/Page";
import { Failure, Loading } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { PropertyTable } from "@/ui/tables/PropertyTable";
import { useUrlText } from "@/ui/useUrlState";

export default function PersonPage() {
  const { uuid } = useParams<{ uuid: string }>();
  const path = useProjectPath();
  const project = useProject();
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const asked = usePerson(uuid);
  const [tab, setTab] = useUrlText("tab");
  const [property, setProperty] = useUrlText("property");
  const person = asked.data;
  if (!person) {
    return (
      <Page title="Person">
        <Panel>
          {asked.error ? <Failure problem={asked.error} onRetry={() => asked.refetch()} /> : <Loading lines={12} />}
        </Panel>
      </Page>
    );
  }
  const id = person.uuid ?? person.id;
  const changed = () => queries.invalidateQueries({ queryKey: ["person", project.id] });
  return (
    <Page title={personName(person)} actions={<DeletePerson person={person} />}>
      <Panel padded>
        <dl className={styles.facts}>
          <div>
            <dt>First seen</dt>
            <dd>
              <Time at={person.created_at} />
            </dd>
          </div>
          <div>
            <dt>Identified</dt>
            <dd>{person.is_identified ? "yes" : "no"}</dd>
          </div>
          <div>
            <dt>Distinct ids</dt>
            <dd>{formatCount(person.distinct_ids.length)}</dd>
          </div>
          <div>
            <dt>Id</dt>
            <dd>
              <code>{id}</code> <CopyButton text={id} label="Copy the id" />
            </dd>
          </div>
        </dl>
      </Panel>
      <Panel>
        <Tabs value={tab || "properties"} onChange={(next) => setTab(next ?? "")} keepMounted={false}>
          <Tabs.List>
            <Tabs.Tab value="properties">Properties</Tabs.Tab>
            <Tabs.Tab value="events">Events</Tabs.Tab>
            <Tabs.Tab value="sessions">Sessions</Tabs.Tab>
            <Tabs.Tab value="ids">Distinct ids</Tabs.Tab>
            <Tabs.Tab value="merges">Merges</Tabs.Tab>
            <Tabs.Tab value="groups">Groups</Tabs.Tab>
            <Tabs.Tab value="cohorts">Cohorts</Tabs.Tab>
            <Tabs.Tab value="history">History</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="properties">
            <PropertyTable
              properties={person.properties}
              edits={{
                set: (key, value) => setPersonProperty(project.id, id, key, value).then(changed),
                remove: (key) => removePersonProperty(project.id, id, key).then(changed),
              }}
              onHistory={(key) => navigate(path(`persons/${uuid}`, { tab: "history", property: key }))}
            />
          </Tabs.Panel>
          <Tabs.Panel value="events">
            <PersonEvents personId={id} />
          </Tabs.Panel>
          <Tabs.Panel value="sessions">
            <PersonSessions personId={id} />
          </Tabs.Panel>
          <Tabs.Panel value="ids">
            <DistinctIds person={person} />
          </Tabs.Panel>
          <Tabs.Panel value="merges">
            <MergeLog personId={id} />
            <MergeByHand person={person} />
          </Tabs.Panel>
          <Tabs.Panel value="groups">
            <PersonGroups personId={id} />
          </Tabs.Panel>
          <Tabs.Panel value="cohorts">
            <PersonCohorts personId={id} />
          </Tabs.Panel>
          <Tabs.Panel value="history">
            <PropertyHistory key={property} personId={id} property={property} onProperty={setProperty} />
            <h2 className={styles.heading}>By hand</h2>
            <PersonActivity personId={id} />
          </Tabs.Panel>
        </Tabs>
      </Panel>
    </Page>
  );
}
