import { Spotlight, type SpotlightActionGroupData, spotlight } from "@mantine/spotlight";
import { IconBookmark, IconCode, IconSearch, IconUser } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useLocation } from "wouter";
import { useEventDefinitions } from "@/api/definitions";
import { usePersons } from "@/api/persons";
import { useInsights } from "@/api/saved";
import { useProjectPath } from "@/api/session";
import { MENU } from "@/app/pages";
import { insightName } from "@/ui/insights/names";

/** Everything by its name: pages, saved insights, events as a trend, persons. Opened by Ctrl K. */
export default function CommandPalette({ onClose }: { onClose: () => void }) {
  const [search, setSearch] = useState("");
  const [, navigate] = useLocation();
  const path = useProjectPath();
  const events = useEventDefinitions(search);
  const persons = usePersons({ search, limit: 5 });
  const insights = useInsights({ search, limit: 5 }, search !== "");
  useEffect(() => {
    spotlight.open();
  }, []);

  const trend = (event: string) =>
    path("insight", {
      q: JSON.stringify({ kind: "TrendsQuery", series: [{ kind: "EventsNode", event, name: event }] }),
    });
  const groups: SpotlightActionGroupData[] = [
    {
      group: "Pages",
      actions: MENU.map((entry) => ({
        id: entry.to,
        label: entry.title,
        leftSection: <entry.icon size={17} />,
        rightSection: <kbd className="quiet">g {entry.key}</kbd>,
        onClick: () => navigate(path(entry.to)),
      })),
    },
  ];
  if (search !== "") {
    groups.push({
      group: "Saved insights",
      actions: (insights.data?.results ?? []).map((insight) => ({
        id: `insight-${insight.short_id}`,
        label: insightName(insight),
        keywords: [search],
        leftSection: <IconBookmark size={17} />,
        onClick: () => navigate(path(`insights/${insight.short_id}`)),
      })),
    });
    groups.push({
      group: "Trend of an event",
      actions: (events.data?.results ?? []).slice(0, 6).map((event) => ({
        id: `event-${event.id}`,
        label: event.name,
        leftSection: <IconCode size={17} />,
        onClick: () => navigate(trend(event.name)),
      })),
    });
    groups.push({
      group: "Persons",
      actions: (persons.data?.results ?? []).map((person) => ({
        id: `person-${person.uuid}`,
        label: person.name || person.distinct_ids[0] || person.uuid,
        // The server searched in the properties too; this list must not leave out what it found there.
        keywords: [search],
        leftSection: <IconUser size={17} />,
        onClick: () => navigate(path(`persons/${person.uuid}`)),
      })),
    });
  }
  return (
    <Spotlight
      actions={groups.filter((group) => group.actions.length > 0)}
      query={search}
      onQueryChange={setSearch}
      shortcut={null}
      lockScroll={false}
      scrollable
      maxHeight={420}
      highlightQuery
      nothingFound="Nothing found"
      onSpotlightClose={onClose}
      searchProps={{
        placeholder: "Find pages, events, persons",
        "aria-label": "Find",
        leftSection: <IconSearch size={17} />,
      }}
    />
  );
}
