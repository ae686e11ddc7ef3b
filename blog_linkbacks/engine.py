"""One queue for all background work: SQLite beside the database, or Redis; and the consumer that runs in a thread.

The queue is a hint. What is due stands in the rows (see `leases`), so a lost task is found by the next sweep.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from huey import RedisHuey, SqliteHuey
from huey.api import Huey
from huey.consumer import Consumer
from huey.serializer import SignedSerializer

from blog_linkbacks.config import Config

THREADS = 4
SWEEP_SECONDS = 2.0

logger = logging.getLogger("blog_linkbacks.worker")


def queue(config: Config) -> Huey:
    """The task queue this site is configured for."""
    common: dict[str, Any] = {"results": False, "serializer": SignedSerializer(secret=config.secret_key)}
    if config.redis_url:
        return RedisHuey("blog-linkbacks", url=config.redis_url, **common)
    beside = config.sqlite_path or config.instance / "blog.db"
    return SqliteHuey("blog-linkbacks", filename=str(beside.with_name(f"{beside.stem}-queue.db")), **common)


class Worker:
    """Runs tasks in threads and sweeps for rows left in hand; `sweep` is called every two seconds."""

    def __init__(self, huey: Huey, sweep: Callable[[], None], threads: int = THREADS) -> None:
        logging.getLogger("huey.consumer").setLevel(logging.CRITICAL)  # else a lost Redis fills the log
        self._consumer = _Consumer(
            huey, workers=threads, periodic=False, max_delay=0.5, check_worker_health=True
        )
        self._sweep = sweep
        self._stop = threading.Event()
        self._sweeper = threading.Thread(target=self._sweep_until_stopped, name="sweeper", daemon=True)
        self.beat = 0.0

    def start(self) -> None:
        self._consumer.start()
        self._sweeper.start()

    def stop(self) -> None:
        """Finish the tasks in hand, then return."""
        self._stop.set()
        self._consumer.stop(graceful=True)
        self._sweeper.join(timeout=10)

    def wait(self, seconds: float) -> bool:
        return self._stop.wait(seconds)

    def _sweep_until_stopped(self) -> None:
        while not self._stop.is_set():
            try:
                self._sweep()
                self._consumer.check_worker_health()
                self.beat = time.monotonic()
            except Exception:
                logger.exception("the sweep failed; the next one tries again")
            self._stop.wait(SWEEP_SECONDS)


class _Consumer(Consumer):
    """Huey's consumer, embeddable: the process keeps its own signal handlers."""

    def _set_signal_handlers(self) -> None:
        return


def enqueue(task: Callable[[int], Any], ids: Sequence[int]) -> None:
    """Hint that these rows have work; a queue that cannot be reached is only a slower sweep."""
    try:
        for row_id in ids:
            task(row_id)
    except Exception:
        logger.warning("the task queue could not be reached; the sweep will find the work", exc_info=True)
