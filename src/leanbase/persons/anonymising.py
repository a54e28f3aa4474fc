"""Events without the one who did them: what ``deletion`` does when they shall still be counted."""

from collections.abc import Sequence
from uuid import UUID

from leanbase.persons.outbox import Command
from leanbase.persons.personless import NO_PERSON_CREATED_AT

# Properties that say who it was, or lead there.
_TELLING = (
    "$set", "$set_once", "$unset", "$ip", "$user_id", "$device_id", "$anon_distinct_id", "$had_persisted_distinct_id",
    "distinct_id", "alias", "email", "name", "$raw_user_agent", "$session_id", "$window_id", "token",
    "$identified_distinct_id", "$elements", "$elements_chain", "$geoip_latitude", "$geoip_longitude",
    "$geoip_postal_code", "$geoip_accuracy_radius", "$groups", "$group_0", "$group_1", "$group_2", "$group_3",
    "$group_4",
)  # fmt: skip

_OF_THEM = "project_id = {project:UInt32} AND person_id IN {uuids:Array(UUID)}"


def commands(project_id: int, uuids: Sequence[UUID], nobody: UUID) -> list[Command]:
    """Statements that give the events of these uuids to ``nobody``. The sort key holds the distinct id, which therefore
    cannot be rewritten in place: rows are copied and the originals deleted. Repeating all of them ends the same.
    """
    binds = {
        "project": project_id,
        "uuids": [str(uuid) for uuid in uuids],
        "nobody": str(nobody),
        "name": f"anonymised-{nobody}",
        "telling": list(_TELLING),
        "never": NO_PERSON_CREATED_AT,
    }
    kept = (
        "concat('{', arrayStringConcat(arrayMap(pair -> concat(toJSONString(pair.1), ':', pair.2), "
        "arrayFilter(pair -> NOT has({telling:Array(String)}, pair.1), JSONExtractKeysAndValuesRaw(e.properties))), "
        "','), '}')"
    )
    of_them = "e.project_id = {project:UInt32} AND e.person_id IN {uuids:Array(UUID)}"
    return [
        Command(
            "ALTER TABLE events DELETE WHERE project_id = {project:UInt32} AND person_id = {nobody:UUID} "
            "SETTINGS mutations_sync = 1",
            {"project": project_id, "nobody": str(nobody)},
        ),
        Command(
            "INSERT INTO events SELECT * REPLACE ({name:String} AS distinct_id, {nobody:UUID} AS person_id, "
            f"{kept} AS properties, '{{}}' AS person_properties, "
            "fromUnixTimestamp64Micro({never:Int64}, 'UTC') AS person_created_at, 'propertyless' AS person_mode, "
            "'' AS session_id, '' AS window_id, '' AS elements_chain, '' AS group_0, '' AS group_1, '' AS group_2, "
            f"'' AS group_3, '' AS group_4) FROM events AS e WHERE {of_them} SETTINGS insert_deduplicate = 0",
            binds,
        ),
        Command(
            f"ALTER TABLE events DELETE WHERE {_OF_THEM} SETTINGS mutations_sync = 1",
            {"project": project_id, "uuids": [str(uuid) for uuid in uuids]},
        ),
    ]
