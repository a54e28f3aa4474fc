import { Button, Menu } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useState } from "react";
import type { SavedInsight } from "@/api/saved";
import { ChangesPanel } from "@/ui/changes/ChangesPanel";
import { SubscriptionsPanel } from "@/ui/subscriptions/SubscriptionsPanel";

/** What belongs to a saved insight besides its question. */
export function SavedMenu({ saved }: { saved: SavedInsight }) {
  const [opened, setOpened] = useState<"changes" | "subscriptions" | null>(null);
  const close = () => setOpened(null);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" px={7} aria-label="Changes and subscriptions" title="Changes and subscriptions">
            <IconHistory size={16} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setOpened("changes")}>Changes</Menu.Item>
          <Menu.Item onClick={() => setOpened("subscriptions")}>Subscriptions</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {opened === "changes" ? (
        <ChangesPanel title="Changes of this insight" of={{ scope: "Insight", itemId: saved.id }} onClose={close} />
      ) : null}
      {opened === "subscriptions" ? <SubscriptionsPanel to={{ insight: saved.id }} onClose={close} /> : null}
    </>
  );
}
