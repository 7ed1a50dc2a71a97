"""Runs the migrations on the connection that is already open; Alembic reads this file."""

from alembic import context

from app.models.base import Base
from app.store import search, triggers

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, transactional_ddl=True)
with context.begin_transaction():
    # a table that is rebuilt would lose its triggers, and one that guards a table would stand in the way
    triggers.take_away(connection)
    context.run_migrations()
    triggers.put_on(connection)
    search.fill(connection)
