// The page works without this: it adds the live table and the copy button.
"use strict";

// The table follows the service. What the reader has open or focused stays so.
const table = document.querySelector("[data-live]");
if (table) {
  const source = new EventSource(table.dataset.live);
  source.addEventListener("agents", (event) => {
    const open = [...table.querySelectorAll("details[open]")].map((d) => d.id);
    const focused = document.activeElement && table.contains(document.activeElement) ? path(document.activeElement) : null;
    table.innerHTML = event.data;
    for (const id of open) {
      const d = document.getElementById(id);
      if (d) d.open = true;
    }
    if (focused) {
      const e = document.getElementById(focused.id);
      const again = e && e.querySelectorAll("summary, a")[focused.at];
      if (again) again.focus();
    }
  });
}

// path says where an element stands in its row.
function path(element) {
  const row = element.closest("tr");
  return row ? { id: row.id, at: [...row.querySelectorAll("summary, a")].indexOf(element) } : null;
}

// A menu closes by Escape and by a click elsewhere.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll(".menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// The token is copied, or selected where the browser doesn't allow that.
const copy = document.getElementById("copy");
if (copy) {
  copy.addEventListener("click", async () => {
    const token = document.getElementById(copy.dataset.copy);
    const result = document.getElementById("copy-result");
    try {
      await navigator.clipboard.writeText(token.textContent);
      result.textContent = copy.dataset.done;
    } catch {
      getSelection().selectAllChildren(token);
      result.textContent = copy.dataset.failed;
    }
  });
}
