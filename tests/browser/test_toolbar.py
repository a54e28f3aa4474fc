"""The toolbar on a real page of another origin, loaded by posthog-js as it ships: a click becomes an action."""

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.axe import serious_findings
from tests.browser.conftest import OwnProject
from tests.browser.site import serving
from tests.browser.test_posthog_js import INIT
from tests.product import Product, wait_until

STORED = "JSON.stringify([{ ...localStorage }, document.cookie])"


def test_a_click_on_the_own_site_becomes_an_action(
    page: Page, context: BrowserContext, own_project: OwnProject, product: Product
) -> None:
    snippet = INIT.replace("{host}", product.url).replace("{token}", own_project.token)
    # A strict site: no inline styles, requests to the server of its analytics alone.
    policy = f"default-src 'none'; script-src 'unsafe-inline' {product.url}; connect-src {product.url}"
    matching = "SELECT count() FROM events WHERE matchesAction('Wants <b>to buy')"
    with serving(snippet, policy) as address:
        page.goto(own_project.page("actions"))
        page.get_by_role("button", name="By clicking on your site").click()
        page.get_by_label("Address of your site").fill(address)
        page.get_by_role("button", name="Authorise").click()
        with context.expect_page() as opening:
            page.get_by_role("button", name=f"Open {address}").click()
        site = opening.value
        refused: list[str] = []
        site.on("console", lambda said: refused.append(said.text) if "Content Security" in said.text else None)
        bar = site.get_by_role("region", name="Toolbar")
        expect(bar).to_contain_text("test_a_click_on_the_own_site_becomes_an_action")
        assert site.url == address, "the code has left the address"
        for secret in ("pht_", "toolbarCode"):
            assert secret not in site.evaluate(STORED)

        bar.get_by_role("button", name="Pick an element").click()
        site.locator("#buy").hover()
        expect(site.locator(".frame")).to_be_visible()
        site.locator("#buy").click()
        form = site.get_by_role("form", name="New action")
        expect(form.get_by_role("checkbox", name="Selector")).to_be_checked()
        expect(form).to_contain_text("Matches 1 element on this page.")
        form.get_by_role("textbox", name="Name").fill("Wants <b>to buy")
        assert serious_findings(site, "'#__POSTHOG_TOOLBAR__'") == []
        form.get_by_role("button", name="Make action").click()
        expect(site.get_by_role("heading", name="Made “Wants <b>to buy”")).to_be_visible()

        # The next click is a visitor's, and the only one: the one that picked never reached the page.
        site.locator("#buy").click()
        wait_until(lambda: own_project.sql(matching) == [[1]], "the click matches the action")
        site.reload()
        expect(bar).to_be_visible()
        bar.get_by_role("button", name="Actions here: 1").click()
        expect(site.get_by_role("region", name="Actions on this page")).to_contain_text("1 in 7 days")

        # By keys: Tab to the link or button that is wanted, Enter takes it, Escape leaves.
        bar.get_by_role("button", name="Pick an element").click()
        site.locator("#send").focus()
        site.keyboard.press("Enter")
        expect(form.get_by_role("combobox", name="Which selector")).to_have_value("#send")
        bar.get_by_role("button", name="Pick an element").click()
        site.keyboard.press("Escape")
        expect(bar.get_by_role("button", name="Pick an element")).to_be_visible()

        bar.get_by_role("button", name="Close the toolbar").click()
        expect(bar).to_have_count(0)
        left = "[sessionStorage.getItem('leanbase.toolbar'), localStorage.getItem('_postHogToolbarParams')]"
        assert site.evaluate(left) == [None, None]
        assert refused == []
    page.get_by_role("button", name="Close", exact=True).click()
    page.reload()
    page.get_by_role("link", name="Wants <b>to buy").click()
    expect(page.get_by_label("Selector in step 1")).to_have_value("#buy")


def test_an_old_address_says_what_to_do(page: Page, own_project: OwnProject, product: Product) -> None:
    snippet = INIT.replace("{host}", product.url).replace("{token}", own_project.token)
    with serving(snippet) as address:
        product.api("PATCH", f"/api/projects/{own_project.id}/", {"app_urls": [address]})
        made = product.api("POST", f"/api/projects/{own_project.id}/toolbar/", {"url": address})
        assert made.status == 200, made.text
        page.goto(made.body["url"])
        expect(page.get_by_role("button", name="Pick an element")).to_be_visible()
        other = page.context.browser.new_context()  # type: ignore[union-attr]
        thief = other.new_page()
        thief.goto(made.body["url"])
        expect(thief.get_by_role("region", name="Toolbar")).to_contain_text("used already")
        other.close()
