"""Which ports of public hosts a page may stand on. Pure."""

# Where other services listen that would take a request for words of theirs: the list of blocked ports that browsers
# have (Fetch, 2.9), and databases, caches and management interfaces.
_BROWSERS_LIST = """
1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080
"""
_MORE = """
1025 1080 1099 1194 1433 1434 1521 1883 2181 2375 2376 2379 2380 2525 3128 3268 3269 3306 3389 4369 5222 5269 5432
5671 5672 5900 5901 5984 5985 5986 6379 6380 6443 7199 8125 8300 8301 8500 9042 9092 9100 9160 9200 9300 9418 10250
10255 11211 15672 26379 27017 27018 27019 61616
"""
_SERVICES = frozenset(map(int, f"{_BROWSERS_LIST} {_MORE}".split()))
_PRIVILEGED = (80, 443)


def is_web_port(port: int) -> bool:
    """Whether a web server is to be expected on this port of a public host."""
    return port in _PRIVILEGED or (1024 <= port <= 65_535 and port not in _SERVICES)
