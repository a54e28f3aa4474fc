"""The dictionary through which every query counts by today's person."""

from leanbase.store.client import Store
from leanbase.store.sql import Sql


def reload_overrides(store: Store) -> None:
    """Make the rows of ``person_overrides`` count that were written since the last reload. Raises ``StoreError``."""
    store.command(Sql("SYSTEM RELOAD DICTIONARY person_override"))


def rebuild_overrides(store: Store) -> None:
    """Read the whole table again, for when rows were removed from it. Queries see the old or the new dictionary."""
    statement = store.query(
        Sql(
            "SELECT create_table_query FROM system.tables "
            "WHERE database = currentDatabase() AND name = 'person_override'"
        )
    ).rows[0][0]
    store.command(Sql(str(statement).replace("CREATE DICTIONARY", "CREATE OR REPLACE DICTIONARY", 1)))
    reload_overrides(store)
