// All that match: the offer once the whole page is ticked, the bar for it, Shift with a letter, Escape.
(() => {
  "use strict";
  const rows = document.getElementById("rows");
  const page = document.getElementById("bulk");
  const more = document.getElementById("bulk-more");
  const place = document.getElementById("bulk-all");
  const said = document.getElementById("bulk-said");
  if (!rows || !page || !place) return;

  const DECIDE = { a: "approve", s: "spam", d: "reject", u: "wait" };
  const all = () => document.getElementById("bulk-form");
  const isAll = () => all()?.hidden === false;
  const ticks = (state = "") => [...rows.querySelectorAll(`input[name=ids]${state}`)];
  let asked = false;
  let last = "";

  const say = (words) => {
    if (words !== last) said.textContent = last = words;
  };

  // --- what is selected -------------------------------------------------------------------------
  const offer = () => {
    more.textContent = `Select all ${all().dataset.number} that match`;
    more.hidden = false;
    say(`${ticks(":checked").length} selected, this whole page. You can select all ${all().dataset.number} that match.`);
  };

  const ask = async () => {
    asked = true;
    await htmx.ajax("GET", more.dataset.url, { source: place, target: place, swap: "innerHTML" });
    if (!all()) asked = false;
    else look();
  };

  const look = () => {
    const ticked = ticks(":checked").length;
    const whole = ticked > 0 && ticked === ticks().length && "more" in more.dataset;
    if (isAll() && !whole) only();
    more.hidden = true;
    if (!whole) say(ticked ? `${ticked} selected` : last && "Nothing selected");
    else if (all()) offer();
    else if (!asked) ask();
  };

  const take = () => {
    all().hidden = false;
    page.hidden = true;
    all().focus({ preventScroll: true });
    say(`All ${all().dataset.number} that match are selected, as of when this page was drawn.`);
  };

  const only = () => {
    if (all()) all().hidden = true;
    page.hidden = false;
  };

  const clear = () => {
    for (const box of ticks(":checked")) box.checked = false;
    rows.dispatchEvent(new Event("change"));
    (rows.querySelector("[aria-current] .row-open") ?? rows.querySelector(".row-open"))?.focus({ preventScroll: true });
  };

  // --- by hand and by key -----------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-bulk-clear]")) clear();
    else if (event.target.closest("[data-bulk-page]")) {
      only();
      look();
      more.focus({ preventScroll: true });
    } else if (event.target.closest("#bulk-more")) take();
  });

  const typing = (node) => node.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  const elsewhere = () => document.querySelector("dialog[open], details.menu[open], #evidence[data-open]");

  // Before the queue's own keys: with all selected, a letter must not fall to the page's ticks.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target) || elsewhere()) return;
    const action = event.shiftKey && DECIDE[event.key.toLowerCase()];
    if (action && isAll() && document.getElementById("queue").dataset.keys !== "off") {
      event.preventDefault();
      event.stopImmediatePropagation();
      all().querySelector(`button[value=${action}]`)?.click();
    } else if (event.key === "Escape" && ticks(":checked").length && !document.activeElement.closest("#evidence")) {
      event.stopImmediatePropagation();
      clear();
    }
  }, true);

  // Sent once: the answer is the queue anew, and a second press must not decide on what came since.
  place.addEventListener("submit", (event) => {
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "yes";
    event.target.classList.add("htmx-request");
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });

  // Rows came in by hand: what was counted before is not all that is shown.
  document.addEventListener("queue:grown", () => {
    only();
    place.replaceChildren();
    asked = false;
    look();
  });

  rows.addEventListener("change", look);
  document.querySelector("#select-page input")?.addEventListener("change", () => queueMicrotask(look));
  document.addEventListener("keyup", (event) => event.key === "x" && look());
  new MutationObserver(look).observe(rows, { childList: true });
  for (const button of page.querySelectorAll("[data-bulk-clear]")) button.hidden = false;
  look();
})();
