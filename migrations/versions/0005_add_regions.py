"""add the regions of projections."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Apply. The next `flask reduce-all` makes the regions."""
    op.create_table(
        "region_map",
        sa.Column("projection_id", sa.Integer(), nullable=False),
        sa.Column("fitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("named_by", sa.String(length=64), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("fitted", sa.LargeBinary(), nullable=False),
        sa.Column("counted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["projection_id"], ["projection.id"], name=op.f("fk_region_map_projection_id_projection"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("projection_id", name=op.f("pk_region_map")),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("region_map")
