// The queue by hand and by key: the row in hand, where focus goes, the selection, undo. Every action is a form of the page.
(() => {
  "use strict";
  const rows = document.getElementById("rows");
  const toasts = document.getElementById("toasts");
  const evidence = document.getElementById("evidence");
  const bulk = document.getElementById("bulk");
  const keys = document.getElementById("keys");
  const spoken = document.getElementById("spoken");
  const byKeys = document.getElementById("queue")?.dataset.keys !== "off";
  const wide = matchMedia("(width >= 62.5rem)");
  const FOLLOW = 120;
  const undos = [];
  let follow = 0;

  // --- the row in hand ------------------------------------------------------------------------
  const all = () => [...(rows?.children ?? [])];
  const open = (row) => !row.classList.contains("is-decided") && !row.classList.contains("is-sent");
  const current = () => rows?.querySelector(":scope > [aria-current]") ?? null;
  const linkOf = (row) => row.querySelector(".row-open");

  const take = (row) => {
    const was = current();
    if (was !== row) {
      was?.removeAttribute("aria-current");
      row.setAttribute("aria-current", "true");
    }
    clearTimeout(follow);
    follow = setTimeout(show, FOLLOW, row);
  };

  const show = (row) => {
    if (!evidence || !wide.matches || !row.isConnected) return;
    const key = `${row.dataset.id}.${row.dataset.version}`;
    if (evidence.dataset.shows === key) return;
    evidence.dataset.shows = key;
    htmx.ajax("GET", linkOf(row).href, { source: evidence, target: evidence, swap: "innerHTML" });
  };

  // An answer that brings the evidence along needs no asking again; a row that changes without it does.
  let brought = false;
  document.addEventListener("htmx:before:swap", (event) => { brought = event.detail.ctx?.target === evidence; });
  document.addEventListener("htmx:after:swap", (event) => {
    const of = evidence?.querySelector("[data-of]")?.dataset.of;
    const row = document.getElementById(`linkback-${of}`);
    if (row && event.detail?.ctx?.target === evidence) evidence.dataset.shows = `${of}.${row.dataset.version}`;
  });
  const stale = (fresh) => {
    const of = evidence?.querySelector("[data-of]")?.dataset.of;
    if (!brought && fresh.some((row) => row.dataset.id === of)) evidence.dataset.shows = "";
  };

  // Something else was asked for beside the list: the panel does not follow the hand over it.
  const stay = () => {
    clearTimeout(follow);
    if (evidence) evidence.dataset.shows = "";
  };

  const focus = (row, byKey) => {
    take(row);
    linkOf(row).focus({ preventScroll: true });
    if (byKey) row.scrollIntoView({ block: "nearest" });
  };

  const beside = (row, step) => {
    const list = all();
    for (let i = list.indexOf(row) + step; i >= 0 && i < list.length; i += step) if (open(list[i])) return list[i];
    return null;
  };

  const move = (step) => {
    const row = current();
    const next = row ? beside(row, step) : all().find(open);
    if (next) focus(next, true);
    else if (row) focus(row, true);
  };

  const moveOn = (row) => {
    const next = beside(row, 1) ?? beside(row, -1);
    if (next) focus(next, lastByKey);
    else finish();
  };

  const finish = () => {
    const waiting = Number(document.getElementById("nav-waiting")?.dataset.count ?? 0);
    const more = document.querySelector(".pager") || (waiting && !document.querySelector("#all-done[data-narrowed]"));
    const end = document.getElementById(more ? "page-done" : "all-done");
    evidence?.replaceChildren();
    if (!end) return;
    end.hidden = false;
    end.focus({ preventScroll: true });
  };

  const resume = () => {
    for (const id of ["page-done", "all-done"]) document.getElementById(id)?.setAttribute("hidden", "");
  };

  const say = (words) => { if (spoken) spoken.textContent = words; };

  // --- decisions by key: one request at a time, in the order pressed; the hand is on the next row at once --------
  const line = [];
  let asked = null;
  let undoLater = 0;

  const decide = (row, action) => {
    const button = row && open(row) ? buttonIn(row, action) : null;
    if (!button) return;
    row.classList.add("is-sent");
    line.push({ id: row.id, action });
    const next = beside(row, 1) ?? beside(row, -1);
    if (next) focus(next, true);
    requestAnimationFrame(() => setTimeout(ask)); // the hand is seen on the next row before anything is sent
  };

  const ask = () => {
    while (!asked && line.length) {
      const { id, action } = line.shift();
      const row = document.getElementById(id);
      const button = row && buttonIn(row, action);
      if (!button) row?.classList.remove("is-sent");
      else {
        asked = id;
        button.click();
      }
    }
  };

  // Other answers arrive meanwhile, such as the evidence: the line moves on with its own.
  const answered = (form) => {
    if (!asked || form?.closest("li")?.id !== asked) return;
    asked = null;
    setTimeout(ask);
  };

  const buttonIn = (place, action) => place.querySelector(`button[name=action][value=${action}]`);

  // --- what an answer changed -----------------------------------------------------------------
  let lastByKey = false;
  let decidedLast = "";

  const unsent = () => {
    for (const row of rows?.querySelectorAll(".is-sent") ?? []) if (row.id !== asked && !line.some((one) => one.id === row.id)) row.classList.remove("is-sent");
  };

  const replaced = (changes) => {
    const gone = changes.flatMap((change) => [...change.removedNodes]).filter((node) => node.dataset?.id);
    decidedLast = gone.map((row) => row.id).find((id) => document.getElementById(id)?.classList.contains("is-decided")) ?? decidedLast;
    const held = gone.find((row) => row.hasAttribute("aria-current"));
    const fresh = gone.map((row) => document.getElementById(row.id)).filter(Boolean);
    for (const row of fresh) row.querySelector("input[name=ids]")?.removeAttribute("checked");
    stale(fresh);
    const back = fresh.find(open);
    const elsewhere = current();
    if (back && elsewhere && open(elsewhere) && !held && back.querySelector("[role=alert]")) {
      count(); // refused while the hand was already on another row: it is told, the hand stays
      return;
    }
    if (back) {
      resume();
      focus(back, lastByKey);
    } else if (held && document.getElementById(held.id)) {
      document.getElementById(held.id).setAttribute("aria-current", "true");
      moveOn(document.getElementById(held.id));
    } else if (fresh.length && !all().some(open)) finish();
    count();
  };

  const counted = () => {
    const waiting = Number(document.getElementById("nav-waiting")?.dataset.count ?? 0);
    const title = document.title.replace(/^\(\d+\) /, "");
    document.title = waiting ? `(${waiting}) ${title}` : title;
  };

  const welcome = (changes) => {
    for (const node of changes.flatMap((change) => [...change.addedNodes])) {
      const form = node.querySelector?.("form[data-undo]");
      if (form) undos.push(offerOf(form));
    }
    counted();
    if (undoLater && !asked && !line.length) {
      undoLater -= 1;
      undo();
    }
  };

  const undo = () => {
    if (asked || line.length) {
      undoLater += 1;
      return;
    }
    const last = undos.pop();
    if (!last) return;
    forget(last);
    htmx.ajax("POST", last.url, { source: toasts, target: toasts, swap: "none", values: last.values });
  };

  // An undo that was used is not offered again, neither by its toast nor by the key.
  const same = (one, other) => one.url === other.url && one.values.batch === other.values.batch;
  const offerOf = (form) => ({ url: form.getAttribute("action"), values: Object.fromEntries(new FormData(form)) });

  const forget = (used) => {
    const at = undos.findLastIndex((other) => same(used, other));
    if (at >= 0) undos.splice(at, 1);
    for (const form of toasts.querySelectorAll("form[data-undo]"))
      if (same(used, offerOf(form))) form.closest(".toast").remove();
  };

  const trouble = () => {
    const words = document.getElementById("trouble");
    if (words) toasts.append(words.content.cloneNode(true));
  };

  document.addEventListener("htmx:after:request", (event) => {
    const { response } = event.detail.ctx;
    if (response.raw.redirected) location.reload();
    else if (response.status >= 400 && response.status !== 409) {
      event.preventDefault(); // a whole page that says what went wrong has no place in this one
      trouble();
    }
    answered(event.detail.ctx.sourceElement);
    if (response.status >= 400) setTimeout(unsent);
  });
  document.addEventListener("htmx:before:swap", (event) => {
    const form = event.detail.ctx?.sourceElement;
    if (form?.matches("form[data-undo]")) setTimeout(forget, 0, offerOf(form));
  });
  document.addEventListener("htmx:error", (event) => {
    trouble();
    answered(event.detail?.ctx?.sourceElement ?? event.target);
    setTimeout(unsent);
  });

  // --- the selection --------------------------------------------------------------------------
  const ticks = (state = "") => [...(rows?.querySelectorAll(`input[name=ids]${state}`) ?? [])];
  const page = document.querySelector("#select-page input");

  const count = () => {
    if (!bulk) return;
    const number = ticks(":checked").length;
    document.getElementById("bulk-count").textContent = `${number} selected`;
    page.checked = number > 0 && number === ticks().length;
    page.indeterminate = number > 0 && number < ticks().length;
  };

  const tick = (row) => {
    const box = row?.querySelector("input[name=ids]");
    if (!box) return;
    box.checked = !box.checked;
    count();
    say(`${linkOf(row).textContent} ${box.checked ? "selected" : "no longer selected"}. ${ticks(":checked").length} selected.`);
  };

  // --- keys -----------------------------------------------------------------------------------
  const DECIDE = { a: "approve", s: "spam", d: "reject", u: "wait" };
  const RULE = { t: "trust", b: "block" };

  const press = (place, action) => place && buttonIn(place, action)?.click();

  // A numbered reason: of the row in hand, else of what was decided last.
  const reason = (number) => {
    const places = [current(), document.getElementById(decidedLast), toasts, document];
    for (const place of places) {
      const button = place?.querySelector(`button[data-reason="${number}"]`);
      if (button) return button.click();
    }
  };

  const act = (action, many) => {
    if (!many) decide(current(), action);
    else if (ticks(":checked").length) press(bulk, action);
  };

  const explain = () => {
    const row = current();
    if (!row) return;
    linkOf(row).click();
    if (!wide.matches || !evidence) return;
    evidence.setAttribute("tabindex", "-1");
    evidence.focus({ preventScroll: true });
  };

  // A rule is asked for beside the list, with what it would do: the hand follows there.
  let toEvidence = false;
  const rule = (action) => {
    toEvidence = true;
    press(current(), action);
  };
  document.addEventListener("htmx:after:swap", (event) => {
    if (!toEvidence || (event.detail?.ctx?.target ?? event.target) !== evidence) return;
    toEvidence = false;
    evidence.setAttribute("tabindex", "-1");
    (evidence.querySelector("button[autofocus]") ?? evidence).focus({ preventScroll: true });
  });

  const ONE = {
    Enter: () => document.activeElement === document.body && explain(),
    j: () => move(1),
    k: () => move(-1),
    x: () => tick(current()),
    o: explain,
    z: undo,
    "/": () => document.getElementById("search")?.focus(),
    "?": () => keys?.showModal(),
    Escape: () => evidence?.contains(document.activeElement) && current() && focus(current(), true),
  };

  const typing = (node) => node.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (typing(event.target) || keys?.open) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (!byKeys && key !== "Escape") return;
    if (/^[1-5]$/.test(key) && !event.shiftKey && !event.repeat) return reason(key);
    const known = ONE[key] ?? (DECIDE[key] && (() => act(DECIDE[key], event.shiftKey))) ?? (RULE[key] && (() => rule(RULE[key])));
    if (!known || (event.repeat && key !== "j" && key !== "k")) return;
    if (key !== "Escape" && key !== "Enter") event.preventDefault();
    lastByKey = true;
    known();
  });

  // --- start ----------------------------------------------------------------------------------
  document.addEventListener("pointerdown", () => { lastByKey = false; });
  rows?.addEventListener("focusin", (event) => {
    const row = event.target.closest("li");
    if (row && row !== current()) take(row);
  });
  rows?.addEventListener("click", (event) => {
    const row = event.target.closest("li");
    if (event.isTrusted && row?.isConnected) take(row);
    if (event.target.closest("button[form^=rule-], .row-open")) stay();
  });
  rows?.addEventListener("change", count);
  page?.addEventListener("change", () => {
    for (const box of ticks()) box.checked = page.checked;
    count();
  });

  if (rows) new MutationObserver(replaced).observe(rows, { childList: true });
  new MutationObserver(welcome).observe(toasts, { childList: true });

  document.addEventListener("queue:grown", ({ detail }) => {
    resume();
    count();
    const row = current() && open(current()) ? current() : all().find(open);
    if (row) focus(row, true);
    say(detail === 1 ? "1 new row." : `${detail} new rows.`);
  });

  // An address of a filtered list names only what narrows it.
  document.getElementById("filters")?.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
  });

  const help = document.getElementById("keys-button");
  if (help && byKeys) {
    help.hidden = false;
    help.addEventListener("click", () => keys.showModal());
  }
  document.getElementById("select-page")?.removeAttribute("hidden");
  count();
  const first = all().find(open);
  if (first) take(first);
})();
