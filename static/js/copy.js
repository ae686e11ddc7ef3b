// <button data-copy="#id" hidden>: copies the text of #id, and says so in the button itself.
(() => {
  "use strict";
  if (!navigator.clipboard) return;

  const say = (button, words) => {
    const usual = (button.dataset.words ??= button.textContent);
    button.textContent = words;
    clearTimeout(button.timer);
    button.timer = setTimeout(() => (button.textContent = usual), 2000);
  };

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      const source = document.querySelector(button.dataset.copy);
      try {
        await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
        say(button, "Copied");
      } catch {
        say(button, "Press Ctrl+C");
        getSelection().selectAllChildren(source);
      }
    });
  }
})();
