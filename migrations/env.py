"""How Alembic reaches the application's database and tables."""

from alembic import context
from flask import current_app

migrate = current_app.extensions["migrate"]

with migrate.db.engine.connect() as connection:
    context.configure(connection=connection, target_metadata=migrate.db.metadatas[None], **migrate.configure_args)
    with context.begin_transaction():
        context.run_migrations()
