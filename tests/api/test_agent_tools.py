"""What the agents' command line asks for."""

from typing import Any

from tests.api.asking import Asker
from tests.api.conftest import World

PATH = "/api/environments/@current/mcp_tools"


def call(client: Asker, tool: str, **args: Any) -> dict[str, Any]:
    answer = client.post(f"{PATH}/{tool}/", json={"args": args})
    assert answer.status_code == 200
    return answer.json()


def test_sql_as_text(world: World, client: Asker) -> None:
    world.store.rows, world.store.columns = [("a|b", 2), ("x" * 500, None)], ("event", "number")
    told = call(client, "execute_sql", query="SELECT event, count() AS number FROM events GROUP BY event")
    first, second, third = told["content"].split("\n")
    assert told["success"]
    assert (first, second) == ("event|number", "a|b|2")
    assert third == "x" * 400 + "…|null"


def test_wrong_sql_says_why(client: Asker) -> None:
    told = call(client, "execute_sql", query="SELEC 1")
    assert not told["success"]
    assert told["content"]
    assert not call(client, "execute_sql")["success"]


def test_names(world: World, client: Asker) -> None:
    project = client.get("/api/projects/@current/").json()["id"]
    with world.context.state.write() as connection:
        connection.execute(
            "INSERT INTO event_definitions (project_id, name, first_seen, last_seen) VALUES (?, 'paid', 1, 1)",
            (project,),
        )
        connection.execute(
            "INSERT INTO property_definitions (project_id, kind, name, property_type, first_seen, last_seen)"
            " VALUES (?, 'event', 'amount', 'Numeric', 1, 1)",
            (project,),
        )
        connection.execute("INSERT INTO event_properties VALUES (?, 'paid', 'amount')", (project,))
    assert call(client, "read_taxonomy", query={"kind": "events"})["content"] == "paid"
    asked = {"kind": "event_properties", "event_name": "paid"}
    assert call(client, "read_taxonomy", query=asked)["content"] == "amount (Numeric)"
    assert call(client, "read_taxonomy", query={**asked, "event_name": "other"})["content"] == "Nothing found."
    assert not call(client, "read_taxonomy", query={"kind": "other"})["success"]
    assert not call(client, "read_taxonomy", query="events")["success"]


def test_cohorts_of_a_person(world: World, client: Asker) -> None:
    made = client.post("/api/projects/@current/cohorts/", json={"name": "list", "is_static": True}).json()
    world.store.rows_of["SELECT DISTINCT m.cohort_id"] = [(made["id"],), (999,)]
    path = "/api/projects/@current/persons/cohorts/"
    found = client.get(f"{path}?person_id=932979b4-65c3-4424-8467-0b66ec27bc22").json()
    assert [cohort["name"] for cohort in found["results"]] == ["list"]
    assert client.get(f"{path}?person_id=u").status_code == 400
