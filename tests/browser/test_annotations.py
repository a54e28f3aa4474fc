"""Annotations: written, changed, deleted and brought back; what people write is text."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import OwnProject

TEXT = "Released 2 <img src=x onerror=window.hacked=1>"


def test_an_annotation_s_life(page: Page, own_project: OwnProject) -> None:
    page.goto(own_project.page("annotations"))
    expect(page.get_by_text("No annotations yet")).to_be_visible()
    page.get_by_role("button", name="New annotation").click()
    page.get_by_label("What happened").fill(TEXT)
    page.get_by_label("When").fill("2026-03-07T09:05")
    page.get_by_role("button", name="Save").click()
    row = page.get_by_role("row").filter(has_text=TEXT)
    expect(row).to_be_visible()
    assert page.evaluate("window.hacked") is None
    row.get_by_role("button", name="Change").click()
    page.get_by_label("What happened").fill("Released 3")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row").filter(has_text="Released 3")).to_be_visible()
    page.get_by_role("button", name="Delete annotation").click()
    expect(page.get_by_text("No annotations yet")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("row").filter(has_text="Released 3")).to_be_visible()
    page.get_by_label("Search annotations").fill("nothing like it")
    expect(page.get_by_text("Nothing found")).to_be_visible()
