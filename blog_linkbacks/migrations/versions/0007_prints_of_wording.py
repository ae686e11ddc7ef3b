"""prints of wording, by which near-identical arrivals find each other; which row stands for a campaign"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'

_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_BAND = sa.text('(CASE WHEN score < 0.4 THEN 0 WHEN score >= 0.75 THEN 2 ELSE 1 END)')
_ALONE = sa.text("status = 'pending' AND campaign_id IS NULL")


def upgrade() -> None:
    op.create_table('linkback_prints',
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.Column('linkback_id', _ID, nullable=False),
    sa.PrimaryKeyConstraint('value', 'linkback_id', name=op.f('pk_linkback_prints')),
    sqlite_with_rowid=False
    )
    op.add_column('campaigns', sa.Column('lead_id', _ID, nullable=True))
    op.drop_index('ix_linkbacks_campaign', table_name='linkbacks')
    op.create_index('ix_linkbacks_campaign', 'linkbacks', ['campaign_id', 'status', _BAND, 'id'])
    for name, column in (('ix_linkbacks_alone_site', 'source_site'), ('ix_linkbacks_alone_post', 'post_id')):
        op.create_index(name, 'linkbacks', [column, 'id'], sqlite_where=_ALONE, postgresql_where=_ALONE)


def downgrade() -> None:
    for name in ('ix_linkbacks_alone_post', 'ix_linkbacks_alone_site', 'ix_linkbacks_campaign'):
        op.drop_index(name, table_name='linkbacks')
    op.create_index('ix_linkbacks_campaign', 'linkbacks', ['campaign_id', 'status', 'id'])
    op.drop_column('campaigns', 'lead_id')
    op.drop_table('linkback_prints')
