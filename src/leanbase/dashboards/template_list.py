"""Every dashboard template there is."""

from leanbase.dashboards.activation_template import ACTIVATION
from leanbase.dashboards.product_template import PRODUCT_ANALYTICS
from leanbase.dashboards.templates import Template
from leanbase.dashboards.web_template import WEB_ANALYTICS

TEMPLATES: tuple[Template, ...] = (WEB_ANALYTICS, PRODUCT_ANALYTICS, ACTIVATION)


def find_template(key: str) -> Template | None:
    """A template by its id or its name, in any letter case."""
    wanted = key.strip().casefold()
    return next((item for item in TEMPLATES if wanted in (item.id, item.name.casefold())), None)
