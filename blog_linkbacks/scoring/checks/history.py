"""What this blog has seen before: from the site, from the sender's address, in the same words."""

from blog_linkbacks.scoring.frame import Check, View, abstains, counted, says
from blog_linkbacks.vocabulary import Subject


def site(subject: Subject) -> View:
    past = subject.history
    decided = past.approved + past.spam + past.rejected
    if not decided:
        return says(0.0, "First time this site links here." if not past.waiting else "This site is new here.")
    # Where people took decisions back, the rest of them say less.
    balance = (past.spam + 0.5 * past.rejected - past.approved) / (decided + 1 + past.undone)
    undone = f", {past.undone} taken back" if past.undone else ""
    return says(balance, f"From this site so far: {_tally(past.approved, past.spam, past.rejected)}{undone}.")


def age(subject: Subject) -> View:
    since, now = subject.history.first_seen, subject.received_at
    if since is None or now is None:
        return abstains("This site has no past here.")
    days = (now - since).days
    if days < 60 or not subject.history.approved or subject.history.site_recently > 5:
        return abstains("This site has not been linking here for long, or not at a steady pace.")
    return says(
        -min(1.0, 0.4 + days / 1000), f"This site has linked here now and then for {counted(days, 'day')}."
    )


def address(subject: Subject) -> View:
    bad, good = subject.history.from_address_spam, subject.history.from_address_approved
    if not bad and not good:
        return abstains("Nothing else has come from the sender's address.")
    strength = (bad - good) / (bad + good + 1)
    return says(strength, f"From the sender's address so far: {_tally(good, bad, 0)}.")


def same_text(subject: Subject) -> View:
    times = subject.history.same_text_recently
    if not times:
        return abstains("No other recent linkback has the same text.")
    repeats = counted(times, "other recent linkback")
    return says(0.15 + times * 0.17, f"The same text came with {repeats}.")


def burst(subject: Subject) -> View:
    times = subject.history.site_recently
    if times < 8 or subject.history.approved > subject.history.spam:
        return abstains("This site is not sending in bulk.")
    return says(times / 40, f"This site has sent {counted(times, 'linkback')} in a short time.")


def _tally(approved: int, spam: int, rejected: int) -> str:
    parts = ((approved, "approved"), (spam, "spam"), (rejected, "rejected"))
    return ", ".join(f"{number} {name}" for number, name in parts if number)


CHECKS = (
    Check("history.site", "history", 4.2, site, version=2),
    Check("history.age", "history", 1.4, age),
    Check("history.address", "history", 2.1, address),
    Check("history.same_text", "history", 4.9, same_text),
    Check("history.burst", "history", 2.1, burst),
)
