"""prints of wording, by which near-identical arrivals find each other; which row stands for a campaign"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'

_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_BAND = sa.text('(CASE WHEN score < 0.4 THEN 0 WHEN score >= 0.75 THEN 2 ELSE 1 END)')


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
    _index_by('campaign_id', 'id')


def downgrade() -> None:
    _index_by()
    op.drop_index('ix_linkbacks_campaign', table_name='linkbacks')
    op.create_index('ix_linkbacks_campaign', 'linkbacks', ['campaign_id', 'status', 'id'])
    op.drop_column('campaigns', 'lead_id')
    op.drop_table('linkback_prints')


def _index_by(*more: str) -> None:
    for name, column in (('ix_linkbacks_site_status', 'source_site'), ('ix_linkbacks_post_status', 'post_id')):
        op.drop_index(name, table_name='linkbacks')
        op.create_index(name, 'linkbacks', [column, 'status', *more])
