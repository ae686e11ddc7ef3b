// Small manners of the admin: toasts that leave by themselves, menus that close, the evidence sheet.
(() => {
  "use strict";
  const STAY = 10_000;
  const LEAVE = 200;

  // --- toasts -------------------------------------------------------------------------------
  const dismiss = (toast) => {
    toast.classList.add("is-leaving");
    setTimeout(() => toast.remove(), LEAVE);
  };

  const start = (toast) => {
    let left = STAY;
    let since = 0;
    let timer = 0;
    const run = () => {
      clearTimeout(timer);
      since = performance.now();
      timer = setTimeout(dismiss, left, toast);
    };
    const pause = () => {
      clearTimeout(timer);
      left = Math.max(2_000, left - (performance.now() - since));
    };
    toast.addEventListener("pointerenter", pause);
    toast.addEventListener("focusin", pause);
    toast.addEventListener("pointerleave", run);
    toast.addEventListener("focusout", run);
    run();
  };

  const region = document.getElementById("toasts");
  if (region) {
    const welcome = (node) => node.matches?.(".toast:not([data-stay])") && start(node);
    region.querySelectorAll(".toast").forEach(welcome);
    new MutationObserver((changes) => {
      for (const change of changes) change.addedNodes.forEach(welcome);
    }).observe(region, { childList: true });
  }

  // --- the evidence sheet, below 1000 px ---------------------------------------------------
  const sheet = () => document.getElementById("evidence");
  const narrow = matchMedia("(width < 62.5rem)");
  let opener = null;

  const openSheet = () => {
    const panel = sheet();
    if (!narrow.matches || panel.hasAttribute("data-open")) return;
    opener = document.activeElement;
    panel.setAttribute("data-open", "");
    panel.setAttribute("tabindex", "-1");
    panel.focus();
  };

  const closeSheet = () => {
    if (!sheet()?.hasAttribute("data-open")) return;
    sheet().removeAttribute("data-open");
    if (opener?.isConnected) opener.focus();
  };

  document.addEventListener("htmx:after:swap", (event) => {
    const target = event.detail?.ctx?.target ?? event.target;
    if (target?.id === "evidence") openSheet();
  });
  narrow.addEventListener("change", closeSheet);

  // --- one place for clicks and Escape ------------------------------------------------------
  const openMenus = () => document.querySelectorAll("details.menu[open]");

  document.addEventListener("click", (event) => {
    const close = event.target.closest("[data-close]");
    if (close?.closest(".toast")) dismiss(close.closest(".toast"));
    else if (close) closeSheet();
    else if (sheet()?.hasAttribute("data-open") && !sheet().contains(event.target)) closeSheet();
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    closeSheet();
  });
})();
