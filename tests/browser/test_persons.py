"""A person's page: how properties came about, merges and their undoing, groups; and warnings with their events."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.browser.conftest import OwnProject


def person_of(project: OwnProject, distinct_id: str) -> dict[str, object]:
    reply = project.product.api("GET", f"/api/projects/{project.id}/persons/?distinct_id={distinct_id}")
    (person,) = reply.body["results"]
    return person


def test_history_merges_and_groups(page: Page, own_project: OwnProject) -> None:
    sent: list[tuple[str, str, dict[str, object]]] = [
        ("view", "phone", {"$set": {"color": "red"}}),
        ("signed up", "ada", {"$set": {"plan": "free"}}),
        ("$identify", "ada", {"$anon_distinct_id": "phone"}),
        ("paid", "ada", {"$set": {"plan": "pro"}, "$groups": {"org": "acme"}}),
        ("view", "laptop", {}),
    ]
    begun = datetime.now(UTC) - timedelta(hours=1)
    own_project.send(
        *(
            {"event": event, "distinct_id": who, "properties": properties, "timestamp": at.isoformat()}
            for (event, who, properties), at in zip(sent, (begun + timedelta(minutes=n) for n in range(5)), strict=True)
        )
    )
    ada = person_of(own_project, "ada")["uuid"]
    page.goto(own_project.page(f"persons/{ada}"))
    page.get_by_role("button", name="Change color").click()
    page.get_by_label("Value of color").fill("blue")
    page.keyboard.press("Enter")
    expect(page.get_by_text("blue")).to_be_visible()
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="Remove color").click()
    expect(page.get_by_text("blue")).to_have_count(0)
    page.get_by_role("button", name="plan", exact=True).click()
    changes = page.get_by_role("region", name="Changes of properties")
    expect(changes.get_by_role("row")).to_have_count(3)
    expect(changes.get_by_role("row").nth(1)).to_contain_text("pro")
    expect(changes.get_by_role("link", name="paid")).to_be_visible()
    page.get_by_role("button", name="Show all properties").click()
    expect(changes.get_by_text("came with a merge")).to_be_visible()

    page.get_by_role("tab", name="Groups").click()
    page.get_by_role("link", name="acme").click()
    page.get_by_role("button", name="Add a property").click()
    page.get_by_label("Name of the property").fill("seats")
    page.get_by_role("combobox", name="Type").click()
    page.get_by_role("option", name="Number").click()
    page.get_by_label("Value", exact=True).fill("12")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Change seats")).to_be_visible()
    page.go_back()

    page.get_by_role("tab", name="Merges").click()
    page.get_by_role("button", name="Merge another person into this one").click()
    page.get_by_label("Who is the same person?").fill("laptop")
    page.get_by_role("listitem").filter(has_text="laptop").get_by_role("button", name="Merge").click()
    merges = page.get_by_role("region", name="Merges of this person")
    expect(merges.get_by_role("row")).to_have_count(3)
    assert set(person_of(own_project, "ada")["distinct_ids"]) == {"ada", "phone", "laptop"}  # type: ignore[call-overload]
    page.once("dialog", lambda asked: asked.accept())
    merges.get_by_role("row").filter(has_text="$identify").get_by_role("button", name="Undo").click()
    expect(merges.get_by_text("taken back")).to_be_visible()
    assert person_of(own_project, "phone")["distinct_ids"] == ["phone"]
    who = "SELECT person_id = toUUID({ada}) FROM events WHERE distinct_id = 'phone'"
    assert own_project.sql(who, ada=ada) == [[0]]
    page.get_by_role("tab", name="History").click()
    expect(page.get_by_text("took a merge back")).to_be_visible()


def test_warnings_name_their_event(page: Page, own_project: OwnProject) -> None:
    own_project.send(
        {"event": "$identify", "distinct_id": "ada", "properties": {"$anon_distinct_id": "null", "from": "checkout"}}
    )
    page.goto(own_project.page("warnings"))
    expect(page.get_by_role("link", name="Ingestion warnings")).to_contain_text("1")
    page.get_by_role("button", name="Show the event").click()
    expect(page.get_by_text("checkout")).to_be_visible()
    page.get_by_role("link", name="$identify").click()
    expect(page.get_by_role("dialog")).to_contain_text("checkout")
