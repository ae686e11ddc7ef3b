"""decisions by people are found without walking those of rules"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'

BY_PEOPLE = sa.text('user_id IS NOT NULL')


def upgrade() -> None:
    op.create_index(
        'ix_decisions_people',
        'decisions',
        ['to_status', 'id'],
        sqlite_where=BY_PEOPLE,
        postgresql_where=BY_PEOPLE,
    )


def downgrade() -> None:
    op.drop_index('ix_decisions_people', table_name='decisions')
