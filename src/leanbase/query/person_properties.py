"""Properties of persons as SQL: those that are stored, and those that are told from others."""

from leanbase.query.binder import Binder
from leanbase.query.channels import initial_channel
from leanbase.store.properties import PromotedProperties, property_text

INITIAL_CHANNEL = "$virt_initial_channel_type"


def person_property_text(
    column: str, key: str, binder: Binder, alias: str, promoted: PromotedProperties | None = None
) -> str:
    """SQL of the text of a property in a JSON column, Nullable(String)."""
    if key == INITIAL_CHANNEL:
        told = initial_channel(lambda name: property_text(column, name, binder, alias, promoted), binder)
        return f"toNullable({told})"
    return property_text(column, key, binder, alias, promoted)
