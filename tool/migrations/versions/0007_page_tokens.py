"""a launch says whether its pages carry a token in place of a cookie"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("launches") as launches:
        launches.add_column(sa.Column("carries_token", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    # Without the column their pages could not be told from those with a cookie, and belong to nobody.
    op.execute("DELETE FROM launches WHERE carries_token")
    with op.batch_alter_table("launches") as launches:
        launches.drop_column("carries_token")
