import { Button, TextInput } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "wouter";
import { useProjectPath } from "@/api/session";
import styles from "@/features/activity/ActivityPage.module.css";
import { EventPanel } from "@/features/activity/EventPanel";
import { EventRows } from "@/features/activity/EventRows";
import { useLiveEvents } from "@/features/activity/useLiveEvents";
import { Page, Panel } from "@/ui/Page";
import { EventPicker } from "@/ui/pickers/EventPicker";
import { Empty, Failure, Loading, Problem } from "@/ui/states/States";
import { useUrlText } from "@/ui/useUrlState";

export default function ActivityPage() {
  const path = useProjectPath();
  const [event, setEvent] = useUrlText("event");
  const [person, setPerson] = useUrlText("person");
  const [chosen, setChosen] = useUrlText("uuid");
  const [paused, setPaused] = useState(false);
  const live = useLiveEvents({ event, person, paused });
  const filtered = event !== "" || person !== "";

  const pause = (
    <Button
      variant="default"
      leftSection={paused ? <IconPlayerPlay size={15} /> : <IconPlayerPause size={15} />}
      onClick={() => setPaused(!paused)}
    >
      {paused ? "Go on" : "Pause"}
    </Button>
  );
  return (
    <Page title="Activity" actions={pause}>
      <div className={styles.filters}>
        <EventPicker
          label="Event"
          text={event === "" ? "All events" : event}
          onPick={(picked) => setEvent(picked.event ?? "")}
        />
        <TextInput
          size="xs"
          aria-label="Distinct id"
          placeholder="Distinct id of a person"
          className={styles.person}
          defaultValue={person}
          onKeyDown={(key) => key.key === "Enter" && setPerson(key.currentTarget.value.trim())}
          onBlur={(blur) => setPerson(blur.currentTarget.value.trim())}
        />
        <span className={styles.live} data-paused={paused || undefined}>
          <i aria-hidden />
          {paused ? "Paused" : "Live"}
        </span>
      </div>
      {live.problem && live.events.length > 0 ? <Problem problem={live.problem} /> : null}
      <Panel className={styles.list}>
        {live.loading ? (
          <Loading lines={14} />
        ) : live.problem && live.events.length === 0 ? (
          <Failure problem={live.problem} onRetry={live.retry} />
        ) : live.events.length === 0 ? (
          <Empty
            title={filtered ? "No such event so far" : "No events yet"}
            action={
              filtered ? null : (
                <Button component={Link} href={path("start")}>
                  Send events
                </Button>
              )
            }
          >
            {filtered
              ? "New ones that match appear here by themselves."
              : "They appear here a second after they arrive."}
          </Empty>
        ) : (
          <EventRows events={live.events} chosen={chosen} onChoose={setChosen} />
        )}
      </Panel>
      <EventPanel uuid={chosen} onClose={() => setChosen("")} />
    </Page>
  );
}
