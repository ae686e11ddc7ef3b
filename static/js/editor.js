// The writing desk keeps what is typed: five seconds after the last key, and when the page is left from sight.
(() => {
  "use strict";
  const form = document.getElementById("post-form");
  if (!form) return;

  const PAUSE = 5_000;
  const WHOLE = 60_000; // bytes that a request outliving its page may have
  const status = document.getElementById("kept");
  const behind = document.getElementById("behind");
  const { version, tab } = form.elements;
  let typed = 0; // how often something was typed
  let kept = 0; // what of that is kept
  let timer = 0;
  let inHand = null;
  let leaving = false;
  let stopped = false;

  version.value = form.dataset.version; // Firefox gives a page that is loaded again the values it had
  tab.value ||= crypto.getRandomValues(new Uint32Array(3)).join("-");

  const clock = (moment) => new Date(moment).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

  const say = (words, bad = false) => {
    status.textContent = words;
    status.classList.toggle("is-bad", bad);
  };

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  };

  const keep = () => {
    clearTimeout(timer);
    if (stopped || leaving || inHand || kept === typed) return inHand;
    inHand = send(typed).finally(() => {
      inHand = null;
      if (kept !== typed) later();
    });
    return inHand;
  };

  const send = async (upTo) => {
    const body = new URLSearchParams(new FormData(form));
    const headers = { "X-CSRFToken": form.elements.csrf_token.value };
    const keepalive = document.hidden && body.toString().length < WHOLE;
    try {
      const answer = await fetch(form.dataset.keep, { method: "POST", body, headers, keepalive, redirect: "error" });
      const heard = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
      if (answer.ok) done(heard, upTo);
      else if (answer.status === 409) overtaken(heard);
      else say(heard.problem ? `Not saved: ${heard.problem}` : "Not saved: sign in again in another tab.", true);
    } catch {
      say(navigator.onLine ? "Not saved: the blog does not answer, or you are signed out." : "Not saved: no connection.", true);
    }
  };

  const done = (heard, upTo) => {
    kept = upTo;
    version.value = heard.version;
    const own = `/admin/posts/${heard.post}`;
    if (form.dataset.keep.endsWith("/posts/draft")) {
      // The first words made a draft: from here on this page is its own.
      form.dataset.keep = form.dataset.keep.replace(/draft$/, `${heard.post}/draft`);
      history.replaceState(null, "", location.pathname.replace(/\/new$/, `/${heard.post}`) || own);
    }
    say(`Saved ${clock(heard.at)}${"live" in form.dataset ? ", not yet published" : ""}`);
  };

  // Another window is ahead: it stays so until a person says otherwise.
  const overtaken = (heard) => {
    stopped = true;
    say("Not saved", true);
    behind.querySelector("[data-when]").textContent = clock(heard.at);
    behind.setAttribute("role", "alert");
    behind.hidden = false;
    behind.querySelector("button").onclick = () => {
      version.value = heard.version;
      stopped = false;
      behind.hidden = true;
      form.elements.body.focus();
      keep();
    };
    behind.scrollIntoView({ block: "nearest" });
  };

  const changed = (event) => {
    if (event.target.closest?.("#post-form") && event.target.name !== "rule" && event.target.name !== "publish_at") {
      typed += 1;
      later();
    }
  };

  form.addEventListener("input", changed);
  form.addEventListener("change", (event) => event.target.type === "checkbox" && changed(event));
  document.addEventListener("visibilitychange", () => document.hidden && keep());

  form.addEventListener("submit", (event) => {
    if (inHand) {
      // What is on its way would make this form look older than it is.
      event.preventDefault();
      const { submitter } = event;
      inHand.finally(() => form.requestSubmit(submitter));
      return;
    }
    leaving = true;
  });
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("beforeunload", (event) => {
    if (!leaving && kept !== typed) event.preventDefault();
  });

  if ("unsaved" in form.dataset) {
    typed = 1; // shown again by the server, with words that it did not save
    later();
  }
})();
