// <p class="counter" data-counts="field-id" data-limit="252" hidden>: how much of the field's limit is used.
(() => {
  "use strict";
  for (const counter of document.querySelectorAll("[data-counts]")) {
    const field = document.getElementById(counter.dataset.counts);
    const limit = Number(counter.dataset.limit);
    const count = () => {
      const used = [...field.value.trim()].length;
      counter.textContent = `${used} of ${limit}`;
      counter.classList.toggle("is-over", used > limit);
    };
    counter.hidden = false;
    field.addEventListener("input", count);
    count();
  }
})();
