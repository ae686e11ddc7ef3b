from tests.moderation.world import *
def test_x(app, web, login):
    id = arrive(app, web)
    r = read(app, id); print(r.status, r.score, r.before, r.anchor, r.reason)
    c = login("mo")
    html = c.get("/admin/linkbacks"); print(html.status_code); print(html.text)
    h = c.get(f"/admin/linkbacks/{id}", headers=HTMX); print(h.status_code, h.text)
    h = send(c, f"/admin/linkbacks/{id}/decisions", htmx=True, action="approve", version=r.version); print(h.status_code, h.text)
    h = send(c, f"/admin/linkbacks/{id}/decisions", htmx=False, action="approve", version=r.version); print(h.status_code, h.text)
