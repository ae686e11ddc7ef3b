"""posts that are pages; the text of posts found by words; a post's responses straight from an index

The triggers belong to the table `posts`: a later migration that builds that table anew must make them again.
"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'

_RESPONSES = ['post_id', 'status', 'internal', 'response', 'id', 'kind']


def upgrade() -> None:
    op.add_column('posts', sa.Column('kind', sa.String(length=20), server_default='post', nullable=False))
    op.create_index('ix_posts_kind_published_at', 'posts', ['state', 'kind', 'published_at', 'id'])
    op.create_index('ix_linkbacks_responses', 'linkbacks', _RESPONSES)
    for statement in _SQLITE if _is_sqlite() else _POSTGRESQL:
        op.execute(sa.text(statement))


def downgrade() -> None:
    for statement in _SQLITE_BACK if _is_sqlite() else _POSTGRESQL_BACK:
        op.execute(sa.text(statement))
    op.drop_index('ix_linkbacks_responses', table_name='linkbacks')
    op.drop_index('ix_posts_kind_published_at', table_name='posts')
    op.drop_column('posts', 'kind')


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == 'sqlite'


_FORGET = "INSERT INTO post_search(post_search, rowid, title, text) VALUES ('delete', old.id, old.title, old.text);"
_LEARN = 'INSERT INTO post_search(rowid, title, text) VALUES (new.id, new.title, new.text);'
_SQLITE = (
    """CREATE VIRTUAL TABLE post_search
        USING fts5(title, text, content='', tokenize='unicode61 remove_diacritics 2', prefix='2 3')""",
    'INSERT INTO post_search(rowid, title, text) SELECT id, title, text FROM posts',
    f'CREATE TRIGGER post_search_added AFTER INSERT ON posts BEGIN {_LEARN} END',
    f"""CREATE TRIGGER post_search_changed AFTER UPDATE OF title, text ON posts
        WHEN old.title <> new.title OR old.text <> new.text BEGIN {_FORGET} {_LEARN} END""",
    f'CREATE TRIGGER post_search_removed AFTER DELETE ON posts BEGIN {_FORGET} END',
)
_SQLITE_BACK = (
    *(f'DROP TRIGGER post_search_{event}' for event in ('added', 'changed', 'removed')),
    'DROP TABLE post_search',
)

# A tsvector holds a megabyte at most: what stands beyond the bound is not found, and never keeps a post from being saved.
_POSTGRESQL = (
    'CREATE TABLE post_search (post_id bigint PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE, words tsvector)',
    """CREATE FUNCTION post_search_words(title text, said text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
        SELECT setweight(to_tsvector('simple', left(title, 500)), 'A')
            || setweight(to_tsvector('simple', left(said, 100000)), 'D') $$""",
    'INSERT INTO post_search SELECT id, post_search_words(title, text) FROM posts',
    'CREATE INDEX ix_post_search_words ON post_search USING gin (words)',
    """CREATE FUNCTION post_search_follow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO post_search VALUES (new.id, post_search_words(new.title, new.text))
            ON CONFLICT (post_id) DO UPDATE SET words = excluded.words;
        RETURN NULL; END $$""",
    """CREATE TRIGGER post_search_follows AFTER INSERT OR UPDATE OF title, text ON posts
        FOR EACH ROW EXECUTE FUNCTION post_search_follow()""",
)
_POSTGRESQL_BACK = (
    'DROP TRIGGER post_search_follows ON posts',
    'DROP FUNCTION post_search_follow()',
    'DROP FUNCTION post_search_words(text, text)',
    'DROP TABLE post_search',
)
