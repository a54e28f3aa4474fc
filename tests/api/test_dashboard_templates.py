"""Templates over HTTP: list, show, make a dashboard of one."""

from tests.api.asking import Asker

PATH = "/api/projects/@current"


def test_list_and_show(client: Asker) -> None:
    listed = client.get(f"{PATH}/dashboard_templates/").json()
    assert [item["id"] for item in listed["results"]] == ["web-analytics", "product-analytics", "activation"]
    assert client.get(f"{PATH}/dashboard_templates/?search=activ").json()["count"] == 1
    assert client.get(f"{PATH}/dashboard_templates/?scope=team").json()["count"] == 0
    shown = client.get(f"{PATH}/dashboard_templates/activation/").json()
    assert {item["id"] for item in shown["variables"]} == {"START", "VALUE", "RETURN"}
    assert client.get(f"{PATH}/dashboard_templates/none/").status_code == 404


def test_a_dashboard_of_a_template(client: Asker) -> None:
    made = client.post(
        f"{PATH}/dashboards/", json={"name": "Mine", "use_template": "Activation", "template_variables": {"VALUE": "x"}}
    )
    assert made.status_code == 201
    board = made.json()
    assert (board["name"], board["creation_mode"]) == ("Mine", "template")
    kinds = [tile["insight"]["query"]["source"]["kind"] for tile in board["tiles"]]
    assert kinds == [
        "TrendsQuery", "FunnelsQuery", "FunnelsQuery", "HogQLQuery", "HogQLQuery", "ActivationMetricQuery",
    ]  # fmt: skip
    assert board["tiles"][0]["insight"]["query"]["source"]["series"][0]["event"] == "x"
    assert "{VALUE}" not in made.text


def test_what_does_not_fit(client: Asker) -> None:
    for body, attr in (
        ({"use_template": "none"}, "use_template"),
        ({"use_template": "activation", "use_dashboard": 1}, "use_template"),
        ({"use_template": "activation", "template_variables": {"VALUE": 3}}, "template_variables__VALUE"),
    ):
        answer = client.post(f"{PATH}/dashboards/", json=body)
        assert (answer.status_code, answer.json()["attr"]) == (400, attr)
    assert client.get(f"{PATH}/dashboards/").json()["count"] == 0
