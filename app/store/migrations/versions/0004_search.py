"""What was written can be searched for; the index is filled after every migration."""

from alembic import op

from app.store.search import TABLE

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.execute(TABLE)
