import { Button, Modal, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { createDashboard, useDashboards } from "@/api/saved";
import { useProject, useProjectPath } from "@/api/session";
import styles from "@/features/dashboards/dashboards.module.css";
import { Page, Panel } from "@/ui/Page";
import { Empty, Failure, Loading, Problem } from "@/ui/states/States";
import { Time } from "@/ui/Time";
import { Table } from "@/ui/tables/Table";

export default function DashboardsPage() {
  const path = useProjectPath();
  const asked = useDashboards();
  const [naming, setNaming] = useState(false);
  const rows = asked.data?.results ?? [];
  const make = (
    <Button leftSection={<IconPlus size={15} />} onClick={() => setNaming(true)}>
      New dashboard
    </Button>
  );
  return (
    <Page title="Dashboards" actions={make}>
      <Panel>
        {asked.error ? (
          <Failure problem={asked.error} onRetry={() => asked.refetch()} />
        ) : asked.isPending ? (
          <Loading />
        ) : rows.length === 0 ? (
          <Empty title="No dashboards yet">Make one, then save insights to it.</Empty>
        ) : (
          <Table
            label="Dashboards"
            rows={rows}
            keyOf={(row) => row.id}
            columns={[
              {
                name: "Name",
                cell: (row) => <Link href={path(`dashboards/${row.id}`)}>{row.name || "Untitled"}</Link>,
              },
              { name: "About", cell: (row) => row.description ?? "" },
              { name: "Made", cell: (row) => <Time at={row.created_at} form="ago" /> },
            ]}
          />
        )}
      </Panel>
      <Modal
        opened={naming}
        onClose={() => setNaming(false)}
        title="New dashboard"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <NewDashboard />
      </Modal>
    </Page>
  );
}

function NewDashboard() {
  const { id } = useProject();
  const path = useProjectPath();
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const making = useMutation({
    mutationFn: () => createDashboard(id, name.trim()),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ["dashboards", id] });
      navigate(path(`dashboards/${made.id}`));
    },
  });
  return (
    <form
      className={styles.dialog}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim()) making.mutate();
      }}
    >
      <TextInput label="Name" data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} />
      {making.error ? <Problem problem={making.error} /> : null}
      <Button type="submit" disabled={!name.trim()} loading={making.isPending}>
        Create
      </Button>
    </form>
  );
}
