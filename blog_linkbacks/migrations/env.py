"""Alembic's entry: one transaction, held alone, so that processes that start together migrate once."""

from alembic import context
from flask import current_app
from sqlalchemy import text

database = current_app.extensions["migrate"].db

with database.engine.connect() as opened:
    connection = opened.execution_options(write=True)
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(7426331)"))
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=True,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            context.run_migrations()
