"""how often a host may be asked: its bucket, and the turns of checks that wait for it"""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'

_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table('host_budgets',
    sa.Column('key', sa.String(length=255), nullable=False),
    sa.Column('full_at', _WHEN, nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_host_budgets'))
    )
    op.create_index(op.f('ix_host_budgets_full_at'), 'host_budgets', ['full_at'], unique=False)
    op.create_table('host_turns',
    sa.Column('linkback_id', _ID, autoincrement=False, nullable=False),
    sa.Column('key', sa.String(length=255), nullable=False),
    sa.Column('at', _WHEN, nullable=False),
    sa.PrimaryKeyConstraint('linkback_id', 'key', name=op.f('pk_host_turns'))
    )
    op.create_index(op.f('ix_host_turns_at'), 'host_turns', ['at'], unique=False)


def downgrade() -> None:
    for table in ('host_turns', 'host_budgets'):
        op.drop_table(table)
