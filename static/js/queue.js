// The queue by keyboard. Every key presses something on the page that a pointer could press too:
// an element with data-key in the row in hand; with Shift, one in the bulk bar.
(() => {
  "use strict";
  const queue = document.getElementById("queue");
  if (!queue) return;

  const wide = matchMedia("(width >= 62.5rem)");
  const rows = () => [...queue.querySelectorAll(".row")];
  const current = () => queue.querySelector(".row[aria-current]");
  const ticks = () => [...queue.querySelectorAll(".row-check input")];
  const leader = (row) => row.querySelector(".row-who a");
  let pending = 0;

  // --- the row in hand ----------------------------------------------------------------------
  const take = (row) => {
    if (!row || row === current()) return;
    current()?.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
  };

  const go = (row) => {
    if (!row) return;
    take(row);
    const link = leader(row);
    link?.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
    if (wide.matches) explain(link);
  };

  const explain = (link) => {
    const address = link?.getAttribute("hx-get");
    if (!address || !window.htmx) return;
    clearTimeout(pending);
    pending = setTimeout(() => htmx.ajax("GET", address, { target: "#evidence", swap: "innerHTML" }), 120);
  };

  const step = (by) => {
    const all = rows();
    const at = all.indexOf(current());
    go(all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))]);
  };

  const neighbour = (row) => row.nextElementSibling ?? row.previousElementSibling;

  // --- selection ----------------------------------------------------------------------------
  const count = () => {
    const chosen = ticks().filter((tick) => tick.checked).length;
    const words = queue.querySelector("[data-bulk-count]");
    if (words) words.textContent = `${chosen} selected`;
    const page = queue.querySelector("[data-select-page]");
    if (!page) return;
    page.checked = chosen > 0 && chosen === ticks().length;
    page.indeterminate = chosen > 0 && !page.checked;
  };

  // --- keys ---------------------------------------------------------------------------------
  const press = (scope, key) => {
    const button = scope?.querySelector(`[data-key="${CSS.escape(key)}"]:not([disabled])`);
    button?.click();
    return Boolean(button);
  };

  const lastToast = () => document.querySelector("#toasts .toast:last-child");

  const MOVES = {
    j: () => step(1),
    k: () => step(-1),
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    x: () => current()?.querySelector(".row-check input")?.click(),
    o: () => leader(current() ?? queue)?.click(),
    z: () => press(lastToast(), "z"),
    "/": () => document.querySelector("input[type=search]")?.focus(),
    "?": () => document.getElementById("keys")?.showModal(),
  };

  const busy = (event) =>
    event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]") ||
    event.target.closest("textarea, select, [contenteditable], input:not([type=checkbox])");

  document.addEventListener("keydown", (event) => {
    if (busy(event)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (MOVES[key]) MOVES[key]();
    else if (key.length > 1 || !press(event.shiftKey ? queue.querySelector(".bulk") : current(), key)) return;
    event.preventDefault();
  });

  // --- what a pointer does ------------------------------------------------------------------
  queue.addEventListener("focusin", (event) => take(event.target.closest(".row")));
  queue.addEventListener("change", (event) => {
    if (event.target.matches("[data-select-page]")) for (const tick of ticks()) tick.checked = event.target.checked;
    count();
  });

  // A decision leaves the hand on the next row, whatever the answer puts in this one's place.
  queue.addEventListener("click", (event) => {
    const row = event.target.closest("[data-decides]")?.closest(".row");
    if (row && window.htmx) queueMicrotask(() => go(neighbour(row)));
  });

  document.addEventListener("htmx:after:swap", () => {
    count();
    if (!current()) take(rows()[0]);
  });
  if (!current()) take(rows()[0]);
  count();
})();
