"""which sites are told; the host of each delivery"""

from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'

_DELIVERIES = sa.table('deliveries', sa.column('id'), sa.column('target_url'), sa.column('host'))
_BATCH = 1000


def upgrade() -> None:
    op.create_table('sending_rules',
    sa.Column('host', sa.Text(), nullable=False),
    sa.Column('rule', sa.String(length=10), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_sending_rules_user_id_users')),
    sa.PrimaryKeyConstraint('host', name=op.f('pk_sending_rules'))
    )
    with op.batch_alter_table('deliveries', schema=None) as batch_op:
        batch_op.add_column(sa.Column('host', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('by_rule', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index('ix_deliveries_host', ['host', 'id'], unique=False)
    _name_hosts(op.get_bind())


def downgrade() -> None:
    with op.batch_alter_table('deliveries', schema=None) as batch_op:
        batch_op.drop_index('ix_deliveries_host')
        batch_op.drop_column('by_rule')
        batch_op.drop_column('host')
    op.drop_table('sending_rules')


def _name_hosts(connection: sa.Connection) -> None:
    """Give the rows that are there their hosts, a thousand at a time."""
    table, last = _DELIVERIES, 0
    while rows := connection.execute(
        sa.select(table.c.id, table.c.target_url).where(table.c.id > last).order_by(table.c.id).limit(_BATCH)
    ).all():
        for row_id, url in rows:
            connection.execute(sa.update(table).where(table.c.id == row_id).values(host=_host(url)))
        last = rows[-1][0]


def _host(url: str) -> str:
    try:
        name = (urlsplit(url).hostname or '').rstrip('.')
        return (name if name.isascii() else name.encode('idna').decode()).removeprefix('www.')
    except (ValueError, UnicodeError):
        return ''
