import { ActionIcon, Button, Modal, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Annotation, changeAnnotation, useAnnotations } from "@/api/annotations";
import { useProject } from "@/api/session";
import styles from "@/features/annotations/annotations.module.css";
import { AnnotationForm } from "@/ui/annotations/AnnotationForm";
import { Pages } from "@/ui/lists/Pages";
import { Page, Panel } from "@/ui/Page";
import { Empty, Failure, Loading, Problem } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { Table } from "@/ui/tables/Table";
import { useUrlText } from "@/ui/useUrlState";

const PAGE = 50;
const PLACES: Record<string, string> = { dashboard_item: "one insight", dashboard: "one dashboard" };

export default function AnnotationsPage() {
  const { id } = useProject();
  const [search, setSearch] = useUrlText("search");
  const [offset, setOffset] = useState(0);
  const [edited, setEdited] = useState<Annotation | "new" | null>(null);
  const found = useAnnotations(search, offset, PAGE);
  const queries = useQueryClient();
  const marking = useMutation({
    mutationFn: ({ one, deleted }: { one: Annotation; deleted: boolean }) => changeAnnotation(id, one.id, { deleted }),
    onSuccess: (_, { one, deleted }) => {
      queries.invalidateQueries({ queryKey: ["annotations", id] });
      if (!deleted) return;
      const note = notifications.show({
        autoClose: 8000,
        message: (
          <>
            Deleted{" "}
            <Button
              variant="subtle"
              onClick={() => {
                notifications.hide(note);
                marking.mutate({ one, deleted: false });
              }}
            >
              Undo
            </Button>
          </>
        ),
      });
    },
  });
  const { data } = found;
  return (
    <Page
      title="Annotations"
      about="What happened when: releases, campaigns, outages. Charts over time can show it."
      actions={
        <Button leftSection={<IconPlus size={15} />} onClick={() => setEdited("new")}>
          New annotation
        </Button>
      }
    >
      <TextInput
        className={styles.search}
        aria-label="Search annotations"
        placeholder="Search"
        value={search}
        onChange={(event) => {
          setOffset(0);
          setSearch(event.currentTarget.value);
        }}
      />
      {marking.error ? <Problem problem={marking.error} /> : null}
      <Panel>
        {!data ? (
          found.error ? (
            <Failure problem={found.error} onRetry={() => found.refetch()} />
          ) : (
            <Loading />
          )
        ) : data.results.length === 0 ? (
          <Empty title={search ? "Nothing found" : "No annotations yet"}>
            {search ? "No annotation contains this text." : "Write down what may change your numbers, when it happens."}
          </Empty>
        ) : (
          <Table
            label="Annotations"
            wrap
            rows={data.results}
            keyOf={(one) => one.id}
            columns={[
              { name: "When", cell: (one) => <Time at={one.date_marker} /> },
              { name: "What happened", cell: (one) => <span className={styles.text}>{one.content}</span> },
              { name: "Belongs to", cell: (one) => PLACES[one.scope] ?? "the project" },
              { name: "By", cell: (one) => one.created_by?.first_name || one.created_by?.email || "–" },
              {
                name: "",
                number: true,
                cell: (one) => (
                  <span className={styles.icons}>
                    <ActionIcon aria-label={`Change annotation ${one.id}`} onClick={() => setEdited(one)}>
                      <IconPencil size={15} />
                    </ActionIcon>
                    <ActionIcon
                      aria-label={`Delete annotation ${one.id}`}
                      onClick={() => marking.mutate({ one, deleted: true })}
                    >
                      <IconTrash size={15} />
                    </ActionIcon>
                  </span>
                ),
              },
            ]}
          />
        )}
        {data ? (
          <Pages
            offset={offset}
            size={PAGE}
            more={offset + PAGE < data.count}
            onOffset={setOffset}
            back="Newer"
            next="Older"
            inside
          />
        ) : null}
      </Panel>
      <Modal
        opened={edited !== null}
        onClose={() => setEdited(null)}
        title={edited === "new" ? "New annotation" : "Change the annotation"}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        {edited !== null ? (
          <AnnotationForm annotation={edited === "new" ? undefined : edited} onDone={() => setEdited(null)} />
        ) : null}
      </Modal>
    </Page>
  );
}
