// Pictures into a post: by the button, dropped or pasted into the text, or as its cover. Each is sent by itself.
(() => {
  "use strict";

  // --- the page of pictures: say at once what would be refused -----------------------------------
  const plain = document.getElementById("file");
  plain?.addEventListener("change", () => {
    const most = Number(plain.dataset.most);
    const tooLarge = plain.files[0]?.size > most * 1e6;
    plain.setCustomValidity(tooLarge ? `The file is larger than ${most} MB. Make it smaller first.` : "");
    plain.reportValidity();
  });
  const upload = document.getElementById("picture-form");
  upload?.addEventListener("submit", () => {
    document.getElementById("picture-status").textContent = "Uploading…";
    upload.querySelector("button").disabled = true;
  });
  addEventListener("pageshow", () => {
    if (upload) upload.querySelector("button").disabled = false;
  });

  // --- the editor ----------------------------------------------------------------------------------
  const form = document.getElementById("post-form");
  const tools = document.getElementById("picture-tools");
  if (!form || !tools) return;

  const text = form.elements.body;
  const most = Number(tools.dataset.most);
  const underway = new Set();
  let turn = Promise.resolve(); // one after the other, as the server takes them
  let numbered = 0;

  const say = (status, words, bad = false) => {
    status.textContent = words;
    status.classList.toggle("bad", bad);
    status.classList.toggle("soft", !bad);
  };

  // Sends a file; the answer, or an Error with a sentence for the person.
  const send = async (file) => {
    if (file.size > most * 1e6) throw new Error(`“${file.name}” is larger than ${most} MB. Make it smaller first.`);
    const body = new FormData();
    body.append("file", file, file.name || "pasted.png");
    const headers = { "X-CSRFToken": form.elements.csrf_token.value, Accept: "application/json" };
    let answer;
    try {
      answer = await fetch(tools.dataset.upload, { method: "POST", body, headers, redirect: "error" });
    } catch {
      throw new Error(navigator.onLine ? "The blog does not answer, or you are signed out." : "No connection.");
    }
    const heard = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
    if (!answer.ok) throw new Error(heard.problem ?? "It was refused: sign in again in another tab.");
    return heard;
  };

  const queued = (file) => {
    const sent = turn.then(() => send(file));
    turn = sent.catch(() => {});
    underway.add(sent);
    const over = () => underway.delete(sent);
    sent.then(over, over);
    return sent;
  };

  // Saving waits for the pictures that are on their way.
  form.addEventListener("submit", (event) => {
    if (!underway.size) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    Promise.allSettled(underway).then(() => form.requestSubmit(submitter));
  }, true);

  // --- into the text ---------------------------------------------------------------------------------
  const status = document.getElementById("picture-status");

  // As if typed, so that it can be undone; where the browser will not, then without.
  const replace = (from, to, words) => {
    const { selectionStart, selectionEnd, scrollTop } = text;
    const away = document.activeElement === text ? null : document.activeElement;
    text.focus({ preventScroll: true });
    text.setSelectionRange(from, to);
    const typed = words ? document.execCommand("insertText", false, words) : document.execCommand("delete");
    if (!typed) {
      text.setRangeText(words, from, to, "end");
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }
    const moved = (at) => (at <= from ? at : at >= to ? at + words.length - (to - from) : from + words.length);
    text.setSelectionRange(moved(selectionStart), moved(selectionEnd));
    text.scrollTop = scrollTop;
    away?.focus?.({ preventScroll: true });
  };

  const alone = (at) => {
    const before = text.value.slice(0, at);
    return before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  };

  const insert = async (file) => {
    const name = file.name || "picture";
    const holder = `![Uploading ${name.replace(/[[\]\\]/g, "")} (${++numbered})…]()`;
    const at = text.selectionEnd;
    const words = `${alone(at)}${holder}\n\n`;
    replace(at, at, words);
    text.setSelectionRange(at + words.length, at + words.length);
    say(status, `Uploading ${name}…`);
    try {
      const { markdown, alt } = await queued(file);
      put(holder, markdown, alt);
    } catch (error) {
      remove(holder);
      say(status, error.message, true);
    }
  };

  const put = (holder, markdown, alt) => {
    const at = text.value.indexOf(holder);
    if (at < 0) return say(status, "The picture is under Pictures: its place in the text is gone.");
    // Whoever has typed on meanwhile is not torn away from there.
    const stays = text.selectionStart === at + holder.length + 2;
    const here = [text, button, document.body].includes(document.activeElement);
    replace(at, at + holder.length, markdown);
    if (!stays || !here) return say(status, "Added. Say what it shows between the brackets.");
    text.focus();
    text.setSelectionRange(at + 2, at + 2 + (alt ? markdown.indexOf("](") - 2 : 0));
    return say(status, alt ? "Added, with its description." : "Added. Type what it shows, for readers who cannot see it.");
  };

  const remove = (holder) => {
    const at = text.value.indexOf(holder);
    if (at < 0) return;
    const rest = text.value.slice(at + holder.length);
    replace(at, at + holder.length + (rest.startsWith("\n\n") ? 2 : 0), "");
  };

  const insertAll = (files) => [...files].forEach(insert);

  const button = document.getElementById("add-picture");
  const input = document.getElementById("picture-file");
  button.hidden = false;
  button.title = "Or drop or paste one into the text";
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    insertAll(input.files);
    input.value = "";
  });

  text.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    if (!files.length || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    insertAll(files);
  });

  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  const leave = () => text.classList.remove("is-over");
  text.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    text.classList.add("is-over");
  });
  text.addEventListener("dragleave", leave);
  text.addEventListener("drop", (event) => {
    leave();
    if (!hasFiles(event)) return;
    event.preventDefault();
    insertAll(event.dataTransfer.files);
  });
  // Beside the text a dropped file would replace the page.
  for (const kind of ["dragover", "drop"]) {
    addEventListener(kind, (event) => hasFiles(event) && !event.defaultPrevented && event.preventDefault());
  }

  // --- the cover ---------------------------------------------------------------------------------------
  const covers = document.getElementById("covers");
  const coverButton = document.getElementById("add-cover");
  const coverInput = document.getElementById("cover-file");
  const coverStatus = document.getElementById("cover-status");
  const coverAlt = form.elements.cover_alt;
  coverButton.hidden = false;
  coverButton.addEventListener("click", () => coverInput.click());

  coverInput.addEventListener("change", async () => {
    const [file] = coverInput.files;
    coverInput.value = "";
    if (!file) return;
    say(coverStatus, `Uploading ${file.name}…`);
    try {
      choose(await queued(file));
      say(coverStatus, "Added and chosen. Say below what it shows.");
      coverAlt.focus();
    } catch (error) {
      say(coverStatus, error.message, true);
    }
  });

  const choose = ({ choice, alt }) => {
    const made = new DOMParser().parseFromString(choice, "text/html").querySelector("label");
    const radio = made.querySelector("input");
    covers.querySelector(`input[value="${radio.value}"]`)?.closest("label").remove();
    covers.querySelector(".is-none").after(made);
    radio.checked = true;
    coverAlt.value = alt;
    radio.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // Another cover shows something else.
  covers.addEventListener("change", (event) => {
    coverAlt.value = event.target.dataset.alt ?? "";
  });
})();
