"""full-text search kept by triggers; the queue's other orders straight from an index

The triggers belong to the table `linkbacks`: a later migration that builds that table anew must make them again.
"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'

_BAND = sa.text('(CASE WHEN score < 0.4 THEN 0 WHEN score >= 0.75 THEN 2 ELSE 1 END)')
_SCORE = sa.text('(coalesce(score, 0.5))')
_COLUMNS = (
    'lifted_title, title, excerpt, source_url, lifted_author, author, site_name, before, anchor, after, edited'
)


def upgrade() -> None:
    op.drop_index('ix_linkbacks_urgency', table_name='linkbacks', if_exists=True)
    op.create_index('ix_linkbacks_urgency', 'linkbacks', ['status', _BAND, 'id', 'folded'])
    op.create_index('ix_linkbacks_arrival', 'linkbacks', ['status', 'received_at', 'id', 'folded'])
    op.create_index('ix_linkbacks_score', 'linkbacks', ['status', _SCORE, 'id', 'folded'])
    op.create_index('ix_linkbacks_check', 'linkbacks', ['status', 'kind', 'told_by', 'id'])
    for statement in _SQLITE if _is_sqlite() else _POSTGRESQL:
        op.execute(sa.text(statement))


def downgrade() -> None:
    for statement in _SQLITE_BACK if _is_sqlite() else _POSTGRESQL_BACK:
        op.execute(sa.text(statement))
    for index in ('check', 'score', 'arrival', 'urgency'):
        op.drop_index(f'ix_linkbacks_{index}', table_name='linkbacks')
    op.create_index('ix_linkbacks_urgency', 'linkbacks', ['status', 'folded', _BAND, 'id'])


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == 'sqlite'


def _text(row: str, edited: str) -> str:
    """What of a row is searched: each part on a line, nothing twice; a last letter has two characters after it."""
    r = row
    parts = (
        f'{r}.lifted_title',
        f"CASE WHEN {r}.title <> {r}.lifted_title THEN {r}.title ELSE '' END",
        f'{r}.before || {r}.anchor || {r}.after',
        f"CASE WHEN {r}.excerpt <> {r}.before || {r}.anchor || {r}.after THEN {r}.excerpt ELSE '' END",
        f'{r}.lifted_author',
        f"CASE WHEN {r}.author <> {r}.lifted_author THEN {r}.author ELSE '' END",
        f'{r}.site_name',
        f'{r}.source_url',
        *(f"coalesce({edited.format(row=r, key=key)}, '')" for key in ('title', 'excerpt', 'author')),
    )
    line = 'char(10)' if 'json_extract' in edited else 'chr(10)'
    return f'({line} || ' + f' || {line} || '.join(f'({part})' for part in parts) + f' || {line} || {line})'


def _sqlite_text(row: str) -> str:
    return _text(row, "json_extract({row}.edited, '$.{key}')")


def _postgresql_text(row: str) -> str:
    text = _text(row, "({row}.edited ->> '{key}')")
    return f'lower({text})'


_SQLITE = (
    "CREATE VIRTUAL TABLE linkback_search USING fts5(text, content='', columnsize=0, tokenize='trigram')",
    "CREATE VIRTUAL TABLE linkback_search_terms USING fts5vocab('linkback_search', 'row')",
    f"INSERT INTO linkback_search(rowid, text) SELECT id, {_sqlite_text('linkbacks')} FROM linkbacks",
    f"""CREATE TRIGGER linkback_search_added AFTER INSERT ON linkbacks BEGIN
        INSERT INTO linkback_search(rowid, text) VALUES (new.id, {_sqlite_text('new')}); END""",
    f"""CREATE TRIGGER linkback_search_changed AFTER UPDATE OF {_COLUMNS} ON linkbacks
        WHEN {_sqlite_text('old')} <> {_sqlite_text('new')} BEGIN
        INSERT INTO linkback_search(linkback_search, rowid, text)
            VALUES ('delete', old.id, {_sqlite_text('old')});
        INSERT INTO linkback_search(rowid, text) VALUES (new.id, {_sqlite_text('new')}); END""",
    f"""CREATE TRIGGER linkback_search_removed AFTER DELETE ON linkbacks BEGIN
        INSERT INTO linkback_search(linkback_search, rowid, text)
            VALUES ('delete', old.id, {_sqlite_text('old')}); END""",
)
_SQLITE_BACK = (
    *(f'DROP TRIGGER linkback_search_{event}' for event in ('added', 'changed', 'removed')),
    'DROP TABLE linkback_search_terms',
    'DROP TABLE linkback_search',
)

_POSTGRESQL = (
    """CREATE FUNCTION linkback_grams(words text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
        SELECT coalesce(array_agg(DISTINCT gram), '{}') FROM (
            SELECT letter AS one, letter || lead(letter) OVER w AS two,
                letter || lead(letter) OVER w || lead(letter, 2) OVER w AS three
            FROM unnest(string_to_array(words, NULL)) WITH ORDINALITY AS spelt(letter, place)
            WINDOW w AS (ORDER BY place)) AS runs,
        LATERAL (VALUES (CASE WHEN octet_length(one) > 1 THEN one END),
            (CASE WHEN octet_length(two) > 2 THEN two END), (three)) AS grams(gram)
        WHERE gram IS NOT NULL $$""",
    """CREATE TABLE linkback_search (
        linkback_id bigint PRIMARY KEY REFERENCES linkbacks (id) ON DELETE CASCADE,
        text text NOT NULL, grams text[] NOT NULL)""",
    f"""INSERT INTO linkback_search SELECT linkbacks.id, said, linkback_grams(said)
        FROM linkbacks, LATERAL (SELECT {_postgresql_text('linkbacks')} AS said) AS words""",
    'CREATE INDEX ix_linkback_search_grams ON linkback_search USING gin (grams)',
    f"""CREATE FUNCTION linkback_search_follow() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE said text := {_postgresql_text('new')}; BEGIN
        INSERT INTO linkback_search VALUES (new.id, said, linkback_grams(said))
            ON CONFLICT (linkback_id) DO UPDATE SET text = excluded.text, grams = excluded.grams
            WHERE linkback_search.text <> excluded.text;
        RETURN NULL; END $$""",
    f"""CREATE TRIGGER linkback_search_follows AFTER INSERT OR UPDATE OF {_COLUMNS} ON linkbacks
        FOR EACH ROW EXECUTE FUNCTION linkback_search_follow()""",
)
_POSTGRESQL_BACK = (
    'DROP TRIGGER linkback_search_follows ON linkbacks',
    'DROP FUNCTION linkback_search_follow()',
    'DROP TABLE linkback_search',
    'DROP FUNCTION linkback_grams(text)',
)
