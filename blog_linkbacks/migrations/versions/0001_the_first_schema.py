"""the first schema"""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None


def upgrade() -> None:
    op.create_table('preferences',
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('value', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_preferences'))
    )
    status_counts = op.create_table('status_counts',
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('status', name=op.f('pk_status_counts'))
    )
    op.create_table('users',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('password_hash', sa.String(), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('session_key', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
    sa.UniqueConstraint('name', name=op.f('uq_users_name')),
    sa.UniqueConstraint('session_key', name=op.f('uq_users_session_key'))
    )
    op.create_table('worker_beats',
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_worker_beats'))
    )
    op.create_table('posts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('slug', sa.String(length=200), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('accept_linkbacks', sa.Boolean(), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_posts_author_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_posts')),
    sa.UniqueConstraint('slug', name=op.f('uq_posts_slug'))
    )
    with op.batch_alter_table('posts', schema=None) as batch_op:
        batch_op.create_index('ix_posts_state_published_at', ['state', 'published_at', 'id'], unique=False)

    op.create_table('site_rules',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('host', sa.Text(), nullable=False),
    sa.Column('action', sa.String(length=10), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_site_rules_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_site_rules')),
    sa.UniqueConstraint('host', name=op.f('uq_site_rules_host'))
    )
    op.create_table('deliveries',
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('source_url', sa.Text(), nullable=False),
    sa.Column('target_url', sa.Text(), nullable=False),
    sa.Column('protocol', sa.String(length=20), nullable=False),
    sa.Column('endpoint', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('response', sa.Text(), nullable=False),
    sa.Column('status_url', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('excerpt', sa.Text(), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('linked', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('first_try_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('lease_by', sa.String(), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_deliveries_post_id_posts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deliveries'))
    )
    with op.batch_alter_table('deliveries', schema=None) as batch_op:
        batch_op.create_index('ix_deliveries_due_at', ['due_at'], unique=False)
        batch_op.create_index('ix_deliveries_lease_by', ['lease_by'], unique=False)
        batch_op.create_index('ix_deliveries_post', ['post_id', 'target_url'], unique=False)

    op.create_table('linkbacks',
    sa.Column('token', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('source_url', sa.Text(), nullable=False),
    sa.Column('source_key', sa.Text(), nullable=False),
    sa.Column('source_host', sa.Text(), nullable=False),
    sa.Column('source_site', sa.Text(), nullable=False),
    sa.Column('source_post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('internal', sa.Boolean(), nullable=False),
    sa.Column('target_url', sa.Text(), nullable=False),
    sa.Column('claimed_title', sa.Text(), nullable=False),
    sa.Column('claimed_excerpt', sa.Text(), nullable=False),
    sa.Column('claimed_author', sa.Text(), nullable=False),
    sa.Column('sender_ip', sa.String(length=64), nullable=False),
    sa.Column('user_agent', sa.Text(), nullable=False),
    sa.Column('referrer', sa.Text(), nullable=False),
    sa.Column('text_key', sa.String(length=64), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('excerpt', sa.Text(), nullable=False),
    sa.Column('author', sa.Text(), nullable=False),
    sa.Column('author_url', sa.Text(), nullable=False),
    sa.Column('author_photo', sa.Text(), nullable=False),
    sa.Column('site_name', sa.Text(), nullable=False),
    sa.Column('lifted_title', sa.Text(), nullable=False),
    sa.Column('lifted_author', sa.Text(), nullable=False),
    sa.Column('response', sa.String(length=20), nullable=False),
    sa.Column('before', sa.Text(), nullable=False),
    sa.Column('anchor', sa.Text(), nullable=False),
    sa.Column('after', sa.Text(), nullable=False),
    sa.Column('score', sa.Double(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('evidence', sa.JSON(), nullable=True),
    sa.Column('staged', sa.JSON(), nullable=True),
    sa.Column('repeats', sa.Integer(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.Text(), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('lease_by', sa.String(), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_linkbacks_post_id_posts')),
    sa.ForeignKeyConstraint(['source_post_id'], ['posts.id'], name=op.f('fk_linkbacks_source_post_id_posts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_linkbacks')),
    sa.UniqueConstraint('post_id', 'source_key', name='uq_linkbacks_post_source'),
    sa.UniqueConstraint('token', name=op.f('uq_linkbacks_token'))
    )
    with op.batch_alter_table('linkbacks', schema=None) as batch_op:
        batch_op.create_index('ix_linkbacks_due_at', ['due_at'], unique=False)
        batch_op.create_index('ix_linkbacks_host', ['source_host'], unique=False)
        batch_op.create_index('ix_linkbacks_lease_by', ['lease_by'], unique=False)
        batch_op.create_index('ix_linkbacks_post_status', ['post_id', 'status'], unique=False)
        batch_op.create_index('ix_linkbacks_sender_ip', ['sender_ip', 'status'], unique=False)
        batch_op.create_index('ix_linkbacks_site_status', ['source_site', 'status'], unique=False)
        batch_op.create_index('ix_linkbacks_source_post_status', ['source_post_id', 'status'], unique=False)
        batch_op.create_index('ix_linkbacks_status_id', ['status', 'id'], unique=False)
        batch_op.create_index('ix_linkbacks_urgency', ['status', sa.text("(CASE WHEN score < 0.4 THEN 0 WHEN score >= 0.75 THEN 2 ELSE 1 END)"), 'id'], unique=False)
        batch_op.create_index('ix_linkbacks_text_key', ['text_key', 'received_at'], unique=False)

    op.create_table('post_links',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('to_slug', sa.String(length=200), nullable=True),
    sa.Column('before', sa.Text(), nullable=False),
    sa.Column('anchor', sa.Text(), nullable=False),
    sa.Column('after', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_post_links_post_id_posts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_post_links'))
    )
    with op.batch_alter_table('post_links', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_post_links_to_slug'), ['to_slug'], unique=False)
        batch_op.create_index('uq_post_links_post_url', ['post_id', 'url'], unique=True)

    op.create_table('post_slugs',
    sa.Column('slug', sa.String(length=200), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_post_slugs_post_id_posts')),
    sa.PrimaryKeyConstraint('slug', name=op.f('pk_post_slugs'))
    )
    with op.batch_alter_table('post_slugs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_post_slugs_post_id'), ['post_id'], unique=False)

    op.create_table('post_tags',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('tag', sa.String(length=80), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_post_tags_post_id_posts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_post_tags'))
    )
    with op.batch_alter_table('post_tags', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_post_tags_key'), ['key'], unique=False)
        batch_op.create_index(batch_op.f('ix_post_tags_post_id'), ['post_id'], unique=False)

    op.create_table('decisions',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('linkback_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('from_status', sa.String(length=20), nullable=False),
    sa.Column('to_status', sa.String(length=20), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('rule', sa.String(length=60), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('score', sa.Double(), nullable=True),
    sa.Column('batch', sa.String(length=32), nullable=True),
    sa.Column('undoes_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['linkback_id'], ['linkbacks.id'], name=op.f('fk_decisions_linkback_id_linkbacks')),
    sa.ForeignKeyConstraint(['undoes_id'], ['decisions.id'], name=op.f('fk_decisions_undoes_id_decisions')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_decisions_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decisions')),
    sa.UniqueConstraint('undoes_id', name=op.f('uq_decisions_undoes_id'))
    )
    with op.batch_alter_table('decisions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_decisions_batch'), ['batch'], unique=False)
        batch_op.create_index(batch_op.f('ix_decisions_linkback_id'), ['linkback_id'], unique=False)

    op.create_table('signals',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('linkback_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('group', sa.String(length=20), nullable=False),
    sa.Column('weight', sa.Double(), nullable=False),
    sa.Column('strength', sa.Double(), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['linkback_id'], ['linkbacks.id'], name=op.f('fk_signals_linkback_id_linkbacks')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signals'))
    )
    with op.batch_alter_table('signals', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_signals_linkback_id'), ['linkback_id'], unique=False)

    statuses = ("received", "pending", "approved", "rejected", "spam", "unverified", "gone")
    op.bulk_insert(status_counts, [{"status": status, "number": 0} for status in statuses])


def downgrade() -> None:
    with op.batch_alter_table('signals', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_signals_linkback_id'))

    op.drop_table('signals')
    with op.batch_alter_table('decisions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_decisions_linkback_id'))
        batch_op.drop_index(batch_op.f('ix_decisions_batch'))

    op.drop_table('decisions')
    with op.batch_alter_table('post_tags', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_post_tags_post_id'))
        batch_op.drop_index(batch_op.f('ix_post_tags_key'))

    op.drop_table('post_tags')
    with op.batch_alter_table('post_slugs', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_post_slugs_post_id'))

    op.drop_table('post_slugs')
    with op.batch_alter_table('post_links', schema=None) as batch_op:
        batch_op.drop_index('uq_post_links_post_url')
        batch_op.drop_index(batch_op.f('ix_post_links_to_slug'))

    op.drop_table('post_links')
    with op.batch_alter_table('linkbacks', schema=None) as batch_op:
        batch_op.drop_index('ix_linkbacks_text_key')
        batch_op.drop_index('ix_linkbacks_status_id')
        batch_op.drop_index('ix_linkbacks_source_post_status')
        batch_op.drop_index('ix_linkbacks_site_status')
        batch_op.drop_index('ix_linkbacks_sender_ip')
        batch_op.drop_index('ix_linkbacks_post_status')
        batch_op.drop_index('ix_linkbacks_lease_by')
        batch_op.drop_index('ix_linkbacks_host')
        batch_op.drop_index('ix_linkbacks_due_at')

    op.drop_table('linkbacks')
    with op.batch_alter_table('deliveries', schema=None) as batch_op:
        batch_op.drop_index('ix_deliveries_post')
        batch_op.drop_index('ix_deliveries_lease_by')
        batch_op.drop_index('ix_deliveries_due_at')

    op.drop_table('deliveries')
    op.drop_table('site_rules')
    with op.batch_alter_table('posts', schema=None) as batch_op:
        batch_op.drop_index('ix_posts_state_published_at')

    op.drop_table('posts')
    op.drop_table('worker_beats')
    op.drop_table('users')
    op.drop_table('status_counts')
    op.drop_table('preferences')
