import { Button, Menu, ScrollArea } from "@mantine/core";
import { IconBookmark, IconHistory } from "@tabler/icons-react";
import { type SavedSql, useSavedSql } from "@/api/sql";
import styles from "@/features/sql/SqlPage.module.css";
import type { PastRun } from "@/features/sql/workspace";
import { formatCount } from "@/ui/format";
import { Time } from "@/ui/Time";

/** What was run in this browser, the newest first. */
export function HistoryMenu({ runs, onPick }: { runs: PastRun[]; onPick: (text: string) => void }) {
  return (
    <Menu position="bottom-end" width={420}>
      <Menu.Target>
        <Button variant="default" leftSection={<IconHistory size={15} />}>
          History
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {runs.length === 0 ? <Menu.Label>What you run is remembered here, in this browser.</Menu.Label> : null}
        <ScrollArea.Autosize mah={380}>
          {runs.map((run) => (
            <Menu.Item key={run.at} onClick={() => onPick(run.text)}>
              <code className={styles.past}>{run.text}</code>
              <span className="quiet">
                <Time at={new Date(run.at).toISOString()} form="ago" /> · {formatCount(run.rows)} rows
              </span>
            </Menu.Item>
          ))}
        </ScrollArea.Autosize>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Saved SQL of the project. */
export function SavedMenu({ onPick }: { onPick: (saved: SavedSql) => void }) {
  const saved = useSavedSql();
  const found = saved.data ?? [];
  return (
    <Menu position="bottom-end" width={320}>
      <Menu.Target>
        <Button variant="default" leftSection={<IconBookmark size={15} />}>
          Saved
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {saved.error ? <Menu.Label>Saved questions could not be loaded.</Menu.Label> : null}
        {saved.data && found.length === 0 ? <Menu.Label>Nothing saved yet.</Menu.Label> : null}
        <ScrollArea.Autosize mah={380}>
          {found.map((one) => (
            <Menu.Item key={one.shortId} onClick={() => onPick(one)}>
              {one.name}
            </Menu.Item>
          ))}
        </ScrollArea.Autosize>
      </Menu.Dropdown>
    </Menu>
  );
}
