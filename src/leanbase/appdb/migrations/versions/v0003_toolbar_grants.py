"""What lets the toolbar on a customer's page make actions. A new table, empty, so it costs nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "toolbar_grants",
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("is_code", sa.Boolean(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=300), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_toolbar_grants_project_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_toolbar_grants_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_toolbar_grants")),
    )
    op.create_index(op.f("ix_toolbar_grants_project_id"), "toolbar_grants", ["project_id"], unique=False)
