// The colour scheme: the account's, else the system's, until a person chooses another in this browser. Runs in <head>, before anything is painted.
(() => {
  "use strict";
  const KEY = "theme";
  const WORDS = { system: "System theme", light: "Light theme", dark: "Dark theme" };
  const root = document.documentElement;
  const own = root.dataset.ownTheme in WORDS ? root.dataset.ownTheme : "system";

  const remembered = () => {
    try {
      const theme = localStorage.getItem(KEY);
      return theme in WORDS ? theme : own;
    } catch {
      return own;
    }
  };

  const remember = (theme) => {
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // Storage is switched off: the choice lasts for this page.
    }
  };

  const paint = (theme) => {
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    for (const button of document.querySelectorAll("[data-theme-switch]")) label(button, theme);
  };

  const label = (button, theme) => {
    button.hidden = false;
    button.dataset.theme = theme;
    button.title = WORDS[theme];
    button.setAttribute("aria-label", `${WORDS[theme]}. Change.`);
  };

  // From the system's theme first to its opposite, so that a press always changes something.
  const next = (theme) => {
    const [same, other] = matchMedia("(prefers-color-scheme: dark)").matches ? ["dark", "light"] : ["light", "dark"];
    return { system: other, [other]: same, [same]: "system" }[theme];
  };

  // A choice just saved for the account goes before an older one made in this browser alone.
  if ("themeSaved" in root.dataset) remember(own);
  let current = remembered();
  paint(current);
  document.addEventListener("DOMContentLoaded", () => paint(current));
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-switch]")) return;
    current = next(current);
    remember(current);
    paint(current);
  });
})();
