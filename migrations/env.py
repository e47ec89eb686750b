"""How Alembic reaches the application's database and tables."""

from alembic import context
from flask import current_app

migrate = current_app.extensions["migrate"]

with migrate.db.engine.connect() as connection:
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        # a table that is made anew is dropped first: with foreign keys on, the rows that refer to it would go with it
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.commit()
    with connection.begin():
        if is_sqlite:
            # the driver opens no transaction for CREATE and ALTER by itself: a killed upgrade would stay half done
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        context.configure(connection=connection, target_metadata=migrate.db.metadatas[None], **migrate.configure_args)
        context.run_migrations()
    if is_sqlite:
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")
