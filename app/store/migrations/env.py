"""Runs the migrations on the connection that is already open; Alembic reads this file."""

from alembic import context

from app.models.base import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, transactional_ddl=True
)
with context.begin_transaction():
    context.run_migrations()
