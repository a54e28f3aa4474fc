"""Cohorts: by what persons did, and lists of ids."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import OwnProject


def paid(name: str, amount: int) -> dict[str, Any]:
    properties = {"amount": amount, "$set": {"email": f"{name}@example.com"}}
    return {"event": "order paid", "distinct_id": name, "properties": properties}


def test_by_an_event_and_as_a_list(page: Page, own_project: OwnProject) -> None:
    own_project.send(*(paid(name, 30) for name in ("ada", "ada", "bob")))
    page.goto(own_project.page("cohorts/new"))
    page.get_by_label("Name").fill("Regulars")
    page.get_by_role("button", name="Add an event").click()
    page.get_by_role("option", name="order paid").click()
    expect(page.get_by_text("2 persons now")).to_be_visible()
    page.get_by_role("combobox", name="How order paid was done").click()
    page.get_by_role("option", name="so many times").click()
    page.get_by_label("Times of order paid").fill("2")
    expect(page.get_by_text("1 person now")).to_be_visible()
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Regulars")
    expect(page.get_by_role("link", name="ada@example.com")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("link", name="bob@example.com")).to_have_count(0)

    page.goto(own_project.page("cohorts/new"))
    page.get_by_label("Name").fill("Invited")
    page.get_by_text("List of ids").click()
    page.get_by_label("Distinct ids").fill("bob")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("link", name="bob@example.com")).to_be_visible(timeout=20_000)
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("link", name="Regulars")).to_be_visible()
    expect(page.get_by_role("link", name="Invited")).to_have_count(0)


def test_either_of_two_groups_with_a_range_and_a_sequence(page: Page, own_project: OwnProject) -> None:
    left = [{"event": "account closed", "distinct_id": name} for name in ("bob", "cy")]
    own_project.send(paid("ada", 5), paid("bob", 7), paid("cy", 70), *left)
    page.goto(own_project.page("cohorts/new"))
    page.get_by_label("Name").fill("Left or small")
    group = page.get_by_role("group", name="Group 1")
    # By keys alone; what was picked leaves the focus where it was.
    adding = group.get_by_role("button", name="Add an event")
    adding.press("Enter")
    page.get_by_role("option", name="order paid").wait_for()
    page.keyboard.type("order")
    page.get_by_role("option", name="account closed").wait_for(state="detached")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(adding).to_be_focused()
    paying = group.get_by_role("group", name="Criterion 1: order paid")
    paying.get_by_role("button", name="Add a filter").click()
    page.get_by_role("option", name="amount").click()
    form = page.locator("form form, [role=dialog] form").last
    form.get_by_role("combobox", name="amount").click()
    page.get_by_role("option", name="between", exact=True).click()
    form.get_by_label("Lowest amount").fill("6")
    form.get_by_label("Highest amount").fill("5")
    expect(form.get_by_role("alert")).to_contain_text("lower number comes first")
    form.get_by_label("Lowest amount").fill("1")
    form.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("button", name="amount between 1 and 5", exact=True)).to_be_visible()

    page.get_by_role("button", name="Another group").click()
    group = page.get_by_role("group", name="Group 2")
    group.get_by_role("button", name="Add an event").click()
    page.get_by_role("option", name="order paid").click()
    group.get_by_role("combobox", name="How order paid was done").click()
    page.get_by_role("option", name="and then another").click()
    expect(page.get_by_role("button", name="Create")).to_be_disabled()
    group.get_by_role("button", name="Event after order paid").click()
    page.get_by_role("option", name="account closed").click()
    page.get_by_role("button", name="Create").click()
    for name in ("ada", "bob", "cy"):
        expect(page.get_by_role("link", name=f"{name}@example.com")).to_be_visible(timeout=20_000)

    # All groups instead of any: nobody did both.
    page.get_by_text("All groups").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Nobody is in this cohort")).to_be_visible(timeout=20_000)
    page.reload()
    expect(page.get_by_role("button", name="amount between 1 and 5", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Event after order paid: account closed")).to_be_visible()
