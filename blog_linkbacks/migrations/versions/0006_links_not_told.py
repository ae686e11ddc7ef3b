"""links that the author does not want told"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'


def upgrade() -> None:
    op.add_column('posts', sa.Column('untold', sa.JSON(), server_default='[]', nullable=False))


def downgrade() -> None:
    op.drop_column('posts', 'untold')
