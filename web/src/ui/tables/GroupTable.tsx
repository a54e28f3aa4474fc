import { Link } from "wouter";
import type { RelatedGroup } from "@/api/personHistory";
import { useGroupTypes } from "@/api/persons";
import { useProjectPath } from "@/api/session";
import { formatCount, formatValue } from "@/ui/format";
import { Time } from "@/ui/Time";
import { Table } from "@/ui/tables/Table";

/** Groups that events name, with how often they do. */
export function GroupTable({ groups }: { groups: RelatedGroup[] }) {
  const path = useProjectPath();
  const types = useGroupTypes();
  const kind = (index: number) => {
    const type = types.data?.find((one) => one.group_type_index === index);
    return type?.name_singular || type?.group_type || String(index);
  };
  return (
    <Table
      label="Groups by events"
      rows={groups}
      keyOf={(group) => `${group.group_type_index} ${group.group_key}`}
      columns={[
        {
          name: "Group",
          cell: (group) => (
            <Link href={path(`groups/${group.group_type_index}/${encodeURIComponent(group.group_key)}`)}>
              {formatValue(group.group_properties.name) || group.group_key}
            </Link>
          ),
        },
        { name: "Kind", cell: (group) => kind(group.group_type_index) },
        { name: "Key", cell: (group) => <code>{group.group_key}</code> },
        { name: "Events", number: true, cell: (group) => formatCount(group.events) },
        { name: "Last", cell: (group) => <Time at={group.last_seen} form="ago" /> },
      ]}
    />
  );
}
