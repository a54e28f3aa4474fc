import { Button, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useState } from "react";
import { useLocation } from "wouter";
import type { Dashboard } from "@/api/dashboards";
import { useProjectPath } from "@/api/session";
import { EditDialog } from "@/features/dashboards/EditDialog";
import { useBoard } from "@/features/dashboards/useBoard";
import { useUndoNote } from "@/features/dashboards/useUndoNote";
import { ChangesPanel } from "@/ui/changes/ChangesPanel";
import { insightName } from "@/ui/insights/names";
import { SubscriptionsPanel } from "@/ui/subscriptions/SubscriptionsPanel";

interface BoardMenuProps {
  board: Dashboard;
  /** Seconds between refreshes; 0 for none. */
  every: number;
  onEvery: (seconds: number) => void;
  onFullScreen: () => void;
}

const EVERY = [
  { seconds: 0, label: "Only by hand" },
  { seconds: 60, label: "Every minute" },
  { seconds: 300, label: "Every 5 minutes" },
  { seconds: 1800, label: "Every 30 minutes" },
];

/** What can be done with a whole dashboard. */
export function BoardMenu({ board, every, onEvery, onFullScreen }: BoardMenuProps) {
  const path = useProjectPath();
  const [, navigate] = useLocation();
  const { change, duplicate } = useBoard();
  const undoNote = useUndoNote();
  const [opened, setOpened] = useState<"edit" | "changes" | "subscriptions" | null>(null);
  const close = () => setOpened(null);
  const insights = (board.tiles ?? []).flatMap(({ insight }) =>
    insight ? [{ id: insight.id, name: insightName(insight) }] : [],
  );
  const remove = async () => {
    if (!(await change(board, { deleted: true }))) return;
    navigate(path("dashboards"));
    undoNote(`Deleted “${board.name || "Untitled"}”`, () => change(board, { deleted: false }));
  };
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" px={7} aria-label="More of this dashboard">
            <IconDots size={16} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setOpened("edit")}>Name, about and tags</Menu.Item>
          <Menu.Item onClick={() => change(board, { pinned: !board.pinned })}>
            {board.pinned ? "No favourite any more" : "Make it a favourite"}
          </Menu.Item>
          <Menu.Item onClick={() => duplicate(board)}>Duplicate</Menu.Item>
          <Menu.Item onClick={onFullScreen}>Full screen</Menu.Item>
          <Menu.Item onClick={() => setOpened("changes")}>Changes</Menu.Item>
          <Menu.Item disabled={insights.length === 0} onClick={() => setOpened("subscriptions")}>
            Subscriptions
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>Compute anew</Menu.Label>
          {EVERY.map(({ seconds, label }) => (
            <Menu.Item
              key={seconds}
              aria-checked={every === seconds}
              role="menuitemradio"
              onClick={() => onEvery(seconds)}
            >
              {every === seconds ? `${label} ✓` : label}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item color="red" onClick={remove}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {opened === "edit" ? <EditDialog board={board} onClose={close} /> : null}
      {opened === "changes" ? (
        <ChangesPanel title="Changes of this dashboard" of={{ scope: "Dashboard", itemId: board.id }} onClose={close} />
      ) : null}
      {opened === "subscriptions" ? (
        <SubscriptionsPanel to={{ dashboard: board.id }} insights={insights} onClose={close} />
      ) : null}
    </>
  );
}
