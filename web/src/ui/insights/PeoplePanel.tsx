import { Button, Drawer, Modal, SegmentedControl } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useAnswer } from "@/api/query";
import { useProject, useProjectPath } from "@/api/session";
import { AnnotationForm, type AnnotationPlace } from "@/ui/annotations/AnnotationForm";
import { download, toCsv } from "@/ui/csv";
import styles from "@/ui/insights/insights.module.css";
import { momentOf } from "@/ui/insights/marks";
import type { PeopleAsked } from "@/ui/insights/people";
import { Empty, Failure, Loading } from "@/ui/states/States";
import { Table } from "@/ui/tables/Table";

interface Actor {
  id: string;
  uuid?: string;
  name?: string;
  distinct_ids?: string[];
  properties?: Record<string, unknown>;
  group_type_index?: number;
}

const MOST = 100;

interface PeoplePanelProps {
  asked: PeopleAsked | null;
  /** What an annotation of the point may belong to, besides the project. */
  place?: AnnotationPlace;
  /** What else can be done with what was chosen. */
  children?: ReactNode;
  onClose: () => void;
}

/** The people behind a point of a chart. From a point in time an annotation can be made, too. */
export function PeoplePanel({ asked, place, children, onClose }: PeoplePanelProps) {
  const { timezone } = useProject();
  const [chosen, setChosen] = useState(0);
  const [annotating, setAnnotating] = useState<string | null>(null);
  const part = asked?.parts[chosen] ?? asked?.parts[0];
  const close = () => {
    setChosen(0);
    onClose();
  };
  return (
    <>
      <Drawer
        opened={asked !== null}
        onClose={close}
        position="right"
        size={480}
        title={<strong>{asked?.title ?? "People"}</strong>}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        {asked && children ? <div className={styles.parts}>{children}</div> : null}
        {asked && asked.parts.length > 1 ? (
          <SegmentedControl
            fullWidth
            size="xs"
            className={styles.parts}
            aria-label="Whose people"
            data={asked.parts.map(({ label }, at) => ({ value: String(at), label }))}
            value={String(chosen)}
            onChange={(at) => setChosen(Number(at))}
          />
        ) : null}
        {asked && part ? <People source={part.source} title={asked.title} /> : null}
        {asked?.day ? (
          <Button
            variant="subtle"
            onClick={() => {
              setAnnotating(asked.day ?? null);
              close();
            }}
          >
            Annotate this point
          </Button>
        ) : null}
      </Drawer>
      <Modal
        opened={annotating !== null}
        onClose={() => setAnnotating(null)}
        title="New annotation"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        {annotating !== null ? (
          <AnnotationForm at={momentOf(annotating, timezone)} place={place} onDone={() => setAnnotating(null)} />
        ) : null}
      </Modal>
    </>
  );
}

function People({ source, title }: { source: object; title: string }) {
  const path = useProjectPath();
  const query = { kind: "ActorsQuery" as const, select: ["id", "person"], source, limit: MOST };
  const answer = useAnswer<[string, Actor][]>(query);
  const people = (answer.data?.results ?? []).map(([id, person]) => ({ ...person, id }));
  const nameOf = (actor: Actor) => actor.name || String(actor.properties?.email ?? actor.distinct_ids?.[0] ?? actor.id);
  // Groups and sessions have no distinct ids, and no page under persons.
  const arePersons = people.some((actor) => actor.distinct_ids !== undefined);
  const linkOf = (actor: Actor) => {
    if (arePersons) return path(`persons/${actor.id}`);
    const index = actor.group_type_index;
    return index === undefined ? null : path(`groups/${index}/${encodeURIComponent(actor.id)}`);
  };
  if (answer.error) return <Failure problem={answer.error} onRetry={() => answer.refetch()} />;
  if (answer.isPending || answer.isPlaceholderData) return <Loading lines={10} />;
  if (people.length === 0) return <Empty title="Nobody" />;
  return (
    <>
      <Table
        label="People"
        rows={people}
        keyOf={(actor) => actor.id}
        columns={[
          {
            name: arePersons ? "Person" : "Name",
            cell: (actor) => {
              const link = linkOf(actor);
              return link ? <a href={link}>{nameOf(actor)}</a> : nameOf(actor);
            },
          },
          ...(arePersons
            ? [{ name: "Distinct ids", number: true, cell: (actor: Actor) => actor.distinct_ids?.length ?? "" }]
            : []),
        ]}
      />
      {answer.data?.hasMore ? <p className="quiet">The first {MOST}.</p> : null}
      <Button
        variant="subtle"
        onClick={() =>
          download(
            `${title}.csv`,
            toCsv(
              ["id", "name", "distinct_ids"],
              people.map((actor) => [actor.id, nameOf(actor), (actor.distinct_ids ?? []).join(" ")]),
            ),
          )
        }
      >
        Download CSV
      </Button>
    </>
  );
}
