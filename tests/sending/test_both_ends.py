"""What `#related` shows on both ends after each change of a post, beside what is sent."""

from tests.sending.changes import both_ends
from tests.sending.world import Blogger
from tests.support.web import Web

THERE = "/posts/worms linked from here"
HERE = "links here"


def test_related_posts_follow_every_change_on_both_ends(blogger: Blogger, web: Web) -> None:
    shown = {name: (step.here, step.there) for name, step in both_ends(blogger, web).items()}
    first = ([f"{THERE}: Read this."], [f"/posts/soil {HERE}: Read this."])
    edited = ([f"{THERE}: See this."], [f"/posts/soil {HERE}: See this."])
    renamed = ([f"{THERE}: Anew this."], [f"/posts/earth {HERE}: Anew this."])
    assert shown == {
        "publish": first,
        "publish again, unchanged": first,
        "edit the text": edited,
        "remove a link": ([], []),
        "add a link": edited,
        "new slug and text": renamed,
        "unpublish": (["404 Not Found"], []),
        "publish once more": renamed,
        "delete": (["410 Gone"], []),
        "delete again": (["410 Gone"], []),
    }
