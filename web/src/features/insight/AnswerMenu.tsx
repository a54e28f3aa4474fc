import { Button, Menu, Modal } from "@mantine/core";
import { IconDotsVertical, IconTable } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { type RefObject, useState } from "react";
import type { InsightQuery } from "@/api/insights";
import type { QueryAnswer } from "@/api/query";
import { useProject } from "@/api/session";
import { downloadCsv, downloadPng } from "@/ui/insights/downloads";
import { Snippet } from "@/ui/Snippet";

interface AnswerMenuProps {
  name: string;
  query: InsightQuery;
  shown: { query: InsightQuery; answer: QueryAnswer<unknown> } | null;
  place: RefObject<HTMLElement | null>;
}

/** What can be done with an answer: files, its SQL, and computing it anew. */
export function AnswerMenu({ name, query, shown, place }: AnswerMenuProps) {
  const { id } = useProject();
  const queries = useQueryClient();
  const [sqlShown, setSqlShown] = useState(false);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" px={7} aria-label="More">
            <IconDotsVertical size={16} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconTable size={15} />}
            disabled={!shown}
            onClick={() => shown && downloadCsv(name, shown.query, shown.answer)}
          >
            Download CSV
          </Menu.Item>
          <Menu.Item disabled={!shown} onClick={() => downloadPng(name, place.current)}>
            Download PNG
          </Menu.Item>
          <Menu.Item onClick={() => setSqlShown(true)}>Show SQL</Menu.Item>
          <Menu.Item onClick={() => queries.invalidateQueries({ queryKey: ["query", id, query] })}>Ask again</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={sqlShown}
        onClose={() => setSqlShown(false)}
        title="SQL"
        size="xl"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <Snippet code={shown?.answer.hogql ?? shown?.answer.clickhouse ?? "No SQL yet."} label="SQL" />
      </Modal>
    </>
  );
}
