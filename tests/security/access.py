"""Who may use which endpoint, written down by hand. A new endpoint belongs in here before it goes out.

An endpoint stands under everybody it lets in; `nobody` are those that only continue something begun before.
"""

TABLE = """
everyone: GET
  blog.index blog.post blog.post_with_slash blog.page blog.responses_of blog.responses_atom blog.face
  blog.archive_all blog.archive_year blog.archive_month blog.tags blog.tag blog.tag_atom blog.tag_json
  blog.atom blog.json_feed blog.find blog.sheet blog.robots blog.sitemap blog.sitemap_part
  pictures.serve previews.preview static health.healthz linkback_test
  protocols.trackback_page protocols.webmention_form protocols.status accounts.login
everyone: POST
  protocols.trackback_ping protocols.webmention_receive protocols.xmlrpc
  accounts.login accounts.logout accounts.make_admin

nobody: GET POST
  accounts.code

author moderator admin: GET
  moderation.start accounts.account accounts.own_sign_ins accounts.set_up_two_step screen.preferences
author moderator admin: POST
  accounts.account accounts.end_session accounts.sign_out_everywhere accounts.start_two_step
  accounts.confirm_two_step accounts.renew_codes accounts.stop_two_step screen.save

author admin: GET
  desk.posts desk.new desk.edit desk.delete desk.reach pictures.index pictures.delete
  sending.sent sending.changes sending.how_far sending.sites sending.trackback sending.ping_url
author admin: POST
  desk.new desk.edit desk.delete desk.preview drafts.keep drafts.keep_new drafts.preview_link related.choose
  pictures.upload pictures.describe pictures.delete
  sending.cancel sending.resend sending.sites sending.forget sending.trackback

moderator admin: GET
  moderation.queue moderation.evidence bulk.all campaigns.members screen.news
  history.show history.export jobs.show sites.index sites.dossier sites.ask
moderator admin: POST
  moderation.decide moderation.decide_many moderation.undo moderation.undo_batch bulk.decide_all
  campaigns.decide campaigns.member texts.edit texts.undo texts.give texts.give_all
  rescoring.rescore rescoring.rescore_one jobs.stop sites.rule sites.undo

admin: GET
  settings.general settings.reading settings.akismet_page settings.linkbacks settings.people
  settings.words settings.words_file settings.words_left_out settings.keeping
  judgement.show texts.reasons accounts.sign_ins accounts.first_run
admin: POST
  settings.save settings.preview settings.save_reading settings.preview_reading settings.check_key
  settings.save_linkbacks settings.preview_linkbacks settings.send_ping settings.add_person settings.change_role
  settings.save_words settings.save_keeping settings.preview_keeping
  judgement.save judgement.preview judgement.reset judgement.state judgement.forget
  texts.save_reasons accounts.name_blog accounts.test_pingback
"""

_EVERYONE = frozenset({"anonymous", "author", "moderator", "admin"})


def expected() -> dict[tuple[str, str], frozenset[str]]:
    """For every endpoint and method the roles that it lets in."""
    access: dict[tuple[str, str], frozenset[str]] = {}
    roles, methods = frozenset[str](), list[str]()
    for line in TABLE.strip().splitlines():
        who, colon, verbs = line.partition(": ")
        if colon:
            named = frozenset(who.split())
            roles = _EVERYONE if named == {"everyone"} else named - {"nobody"}
            methods = verbs.split()
        else:
            access |= {(endpoint, method): roles for endpoint in line.split() for method in methods}
    return access
