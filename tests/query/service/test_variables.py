"""Variables of SQL insights, through HTTP and over the real engine."""

from tests.api.asking import Asker
from tests.api.conftest import World, first_start, make_world  # noqa: F401 - fixtures
from tests.query.service.test_api import BASE, ask, client, shop, sql, whole  # noqa: F401 - fixtures

PATH = f"{BASE}/insight_variables/"
TEXT = "select count() from events where event = {variables.which_event}"


def test_a_variable_is_made_changed_and_deleted(client: Asker) -> None:  # noqa: F811
    made = client.post(PATH, json={"name": "Which event?", "type": "String", "default_value": "view"})
    assert made.status_code == 201
    variable = made.json()
    assert (variable["code_name"], variable["default_value"], variable["values"]) == ("which_event", "view", None)
    assert client.get(PATH).json()["results"] == [variable]
    again = client.post(PATH, json={"name": "which EVENT", "type": "String"})
    assert (again.status_code, again.json()["attr"]) == (400, "name")
    one = f"{PATH}{variable['id']}/"
    changed = client.patch(one, json={"name": "Event", "type": "List", "values": ["view", "buy"]}).json()
    assert (changed["name"], changed["code_name"], changed["values"]) == ("Event", "which_event", ["view", "buy"])
    assert client.get(one).json() == changed
    assert client.delete(one).status_code == 204
    assert client.get(one).status_code == 404


def test_what_is_no_variable_is_refused(client: Asker) -> None:  # noqa: F811
    for body, attr in (
        ({"type": "String"}, "name"),
        ({"name": "x"}, "type"),
        ({"name": "x", "type": "Colour"}, "type"),
        ({"name": "???", "type": "String"}, "name"),
        ({"name": "x", "type": "String", "default_value": {"a": 1}}, "default_value"),
        ({"name": "x", "type": "List", "values": [[1]]}, "values"),
    ):
        answer = client.post(PATH, json=body)
        assert (answer.status_code, answer.json()["attr"]) == (400, attr), body


def test_sql_takes_the_default_or_what_it_is_given(client: Asker, shop: None) -> None:  # noqa: F811
    unknown = ask(client, sql(TEXT))
    assert unknown.status_code == 400 and "has no value" in unknown.json()["detail"]
    made = client.post(PATH, json={"name": "Which event", "type": "String", "default_value": "view"}).json()
    one = f"{PATH}{made['id']}/"

    def counted(**query: object) -> object:
        return ask(client, {**sql(TEXT), **query}).json()["results"]

    assert counted() == [[1]]
    assert counted(variables={made["id"]: {"variableId": made["id"], "code_name": "which_event"}}) == [[1]]
    assert counted(variables={made["id"]: {"value": "nothing"}}) == [[0]]
    override = {made["id"]: {"variableId": made["id"], "code_name": "which_event", "value": "nothing"}}
    assert ask(client, sql(TEXT), variables_override=override).json()["results"] == [[0]]
    client.patch(one, json={"default_value": "nothing"})
    assert counted() == [[0]]  # another answer than the one in the cache


def test_values_are_read_like_what_is_written(client: Asker, shop: None) -> None:  # noqa: F811
    def answered(text: str, value: object) -> object:
        variables = {"id": {"code_name": "v", "value": value}}
        return ask(client, {**sql(text), "variables": variables}).json()["results"]

    assert answered("select count() from events where timestamp >= {variables.v}", "2020-01-01") == [[2]]
    assert answered("select count() from events where event in {variables.v}", ["buy", "x"]) == [[1]]
    assert answered("select toDate({variables.v})", "2026-01-02") == [["2026-01-02"]]
    assert answered("select event from events order by event limit {variables.v}", 1) == [["buy"]]
    assert answered("select {variables.v} = true", True) == [[1]]


def test_variables_of_another_project_are_not_seen(client: Asker, whole: World) -> None:  # noqa: F811
    other = client.post("/api/projects/", json={"name": "other"}).json()["id"]
    made = client.post(f"/api/projects/{other}/insight_variables/", json={"name": "v", "type": "String"}).json()
    assert client.get(f"{PATH}{made['id']}/").status_code == 404
    assert client.get(PATH).json()["count"] == 0


def test_cohorts_and_actions_are_tables_of_their_project(client: Asker) -> None:  # noqa: F811
    other = client.post("/api/projects/", json={"name": "other"}).json()["id"]
    for project, word in ((1, "ours"), (other, "theirs")):
        client.post(f"/api/projects/{project}/actions/", json={"name": f"{word}", "steps": [{"event": "buy"}]})
        client.post(f"/api/projects/{project}/cohorts/", json={"name": word, "is_static": True})
    assert ask(client, sql("select name from actions")).json()["results"] == [["ours"]]
    assert ask(client, sql("select name, is_static from cohorts")).json()["results"] == [["ours", True]]
    shown = ask(client, sql("select * from actions")).json()
    assert shown["columns"] == ["id", "name", "description", "created_at"]
    refused = ask(client, sql("select matchesAction('theirs') from events"))
    assert refused.status_code == 400 and "no action" in refused.json()["detail"]
