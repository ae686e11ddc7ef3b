"""What a User-Agent header says, in the few words a person recognises their own browser by."""

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chromium/", "Chromium"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
    ("Wget/", "Wget"),
    ("python", "a Python program"),
    ("Go-http-client", "a Go program"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def family(header: str) -> str:
    """Browser and system, such as “Firefox on Linux”; never any of the header's own words."""
    browser, system = _first(_BROWSERS, header), _first(_SYSTEMS, header)
    if not browser:
        return f"Something on {system}" if system else "Something unknown"
    return f"{browser} on {system}" if system else browser


def _first(known: tuple[tuple[str, str], ...], header: str) -> str:
    folded = header[:1000].lower()
    return next((words for mark, words in known if mark.lower() in folded), "")
