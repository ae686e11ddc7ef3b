"""A browser without JavaScript: it opens pages and sends the forms it finds on them, hidden fields and all."""

from dataclasses import dataclass, field

from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser, LexborNode
from werkzeug.test import TestResponse


@dataclass
class Browser:
    """`page` is the last answer; `send("/login", name=…)` fills and posts the form with that action."""

    client: FlaskClient
    page: TestResponse = field(init=False)

    def open(self, path: str) -> "Browser":
        self.page = self.client.get(path)
        return self

    def send(self, action: str, **fields: object) -> "Browser":
        filled = {**self.fields(action), **{name.replace("__", "-"): value for name, value in fields.items()}}
        self.page = self.client.post(
            action.partition("#")[0], data={k: v for k, v in filled.items() if v is not None}
        )
        return self

    def fields(self, action: str) -> dict[str, object]:
        """What the form with that action would send as it stands."""
        return _values(self._form(action))

    def follow(self) -> "Browser":
        assert self.page.status_code == 303
        return self.open(self.page.location)

    @property
    def text(self) -> str:
        body = LexborHTMLParser(self.page.text).body
        return " ".join(body.text(separator=" ").split()) if body else ""

    def _form(self, action: str) -> LexborNode:
        found = LexborHTMLParser(self.page.text).css(f'form[method="post"][action="{action}"]')
        assert found, f"no form for {action} on this page: {self.text}"
        return found[0]


def _values(form: LexborNode) -> dict[str, object]:
    values: dict[str, object] = {}
    for node in form.css("input[name]"):
        unticked = node.attributes.get("type") in ("checkbox", "radio") and "checked" not in node.attributes
        if not unticked:
            values[node.attributes["name"] or ""] = node.attributes.get("value") or ""
    for area in form.css("textarea[name]"):
        values[area.attributes["name"] or ""] = area.text().removeprefix("\n")
    for select in form.css("select[name]"):
        chosen = select.css_first("option[selected]") or select.css_first("option")
        values[select.attributes["name"] or ""] = chosen.attributes.get("value") if chosen else ""
    return values
