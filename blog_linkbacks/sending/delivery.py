"""Plans what to tell whom about a post, and delivers it."""


def plan(post_id: int) -> list[int]:
    """Makes the due deliveries of a post; the ids of those to process."""
    return []


def process(delivery_id: int) -> None:
    """Delivers one."""
