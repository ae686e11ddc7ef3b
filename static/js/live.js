// What happens while one looks: asked for every 15 s in a visible tab, told quietly, brought in only by hand.
(() => {
  "use strict";
  const EVERY = 15_000;
  const queue = document.getElementById("queue");
  const spoken = document.getElementById("spoken");
  if (!queue?.dataset.news) return;
  let drawn = queue.dataset.upto;
  let upto = drawn;
  let told = 0;
  let timer = 0;
  let asking = false;

  const ask = async () => {
    clearTimeout(timer);
    timer = setTimeout(ask, EVERY);
    if (document.hidden || asking) return;
    asking = true;
    try {
      const answer = await fetch(`${queue.dataset.news}&drawn=${drawn}&since=${upto}`, { redirect: "manual" });
      if (answer.status === 200) tell(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      // The blog is away for a moment: the next question may reach it.
    } finally {
      asking = false;
    }
  };

  const tell = (part) => {
    const news = part.getElementById("news");
    if (!news) return;
    upto = news.dataset.upto;
    offer(Number(news.dataset.arrived), news.querySelector("a"));
    for (const count of news.querySelectorAll("[data-count-of]")) recount(count);
    for (const change of news.querySelectorAll("[data-changed]")) mark(change);
  };

  const offer = (number, link) => {
    const arrivals = document.getElementById("arrivals");
    if (!arrivals) return;
    arrivals.hidden = !number;
    arrivals.textContent = link?.textContent ?? "";
    if (number > told) spoken.textContent = `${number} new.`;
    told = number;
  };

  const recount = ({ dataset, textContent }) => {
    const tab = document.getElementById(`count-${dataset.countOf}`);
    if (tab) tab.textContent = textContent;
    if (dataset.countOf !== "pending") return;
    const waiting = document.getElementById("nav-waiting");
    waiting.dataset.count = dataset.number;
    waiting.textContent = Number(dataset.number) ? dataset.number : "";
    const title = document.title.replace(/^\(\d+\) /, "");
    document.title = Number(dataset.number) ? `(${dataset.number}) ${title}` : title;
  };

  // In the line that says when: no row grows under the hand, and pressing a button shows the fresh row.
  const mark = ({ dataset, textContent }) => {
    const row = document.getElementById(`linkback-${dataset.changed}`);
    const when = row?.querySelector(".row-when");
    if (!when || row.classList.contains("is-decided")) return;
    when.dataset.was ??= when.innerHTML;
    if (textContent) when.textContent = textContent;
    else when.innerHTML = when.dataset.was;
    row.classList.toggle("is-meanwhile", Boolean(textContent));
  };

  // The page as it would be now: its new rows go in at their place, all others stay as they are.
  const show = async (link) => {
    const answer = await fetch(link.href, { redirect: "manual" });
    if (answer.status !== 200) return location.assign(link.href);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const rows = document.getElementById("rows");
    if (!rows || !fresh.getElementById("rows")) return location.assign(link.href);
    const came = merge(rows, [...fresh.getElementById("rows").children]);
    upto = drawn = fresh.getElementById("queue").dataset.upto;
    renew(fresh);
    link.hidden = true;
    told = 0;
    document.dispatchEvent(new CustomEvent("queue:grown", { detail: came }));
  };

  // “All that match” means all up to what is shown now.
  const renew = (fresh) => {
    const more = [document, fresh].map((page) => page.getElementById("bulk-more"));
    if (more[0] && more[1]) more[0].dataset.url = more[1].dataset.url;
    const link = [document, fresh].map((page) => page.querySelector(".bulk-link"));
    if (link[0] && link[1]) link[0].replaceWith(document.adoptNode(link[1]));
  };

  const merge = (rows, fresh) => {
    let last = null;
    let came = 0;
    for (const row of fresh) {
      let here = document.getElementById(row.id);
      if (!here) {
        here = document.adoptNode(row);
        here.classList.add("is-new");
        if (last) last.after(here);
        else rows.prepend(here);
        htmx.process(here);
        came += 1;
      }
      last = here;
    }
    return came;
  };

  document.addEventListener("visibilitychange", () => document.hidden || ask());
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#arrivals");
    if (!link || new URLSearchParams(location.search).has("before")) return;
    event.preventDefault();
    show(link).catch(() => location.assign(link.href));
  });
  timer = setTimeout(ask, EVERY);
})();
