"""Alembic's entry: runs the migrations inside the transaction that ``Control.migrate`` opened."""

from alembic import context

from hub.store import (  # noqa: F401 - their tables join the metadata
    tables_audiences,
    tables_partners,
    tables_people,
    tables_work,
)
from hub.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # SQLite too: a killed migration leaves the shape that it found
)
with context.begin_transaction():
    context.run_migrations()
