"""How Alembic runs our migrations: on the connection that ``AppDb.open`` hands over."""

from alembic import context

from leanbase.appdb.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter most things in place
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
