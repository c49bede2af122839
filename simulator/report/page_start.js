// A scenario is unpacked when it is first unfolded.

async function fill(section) {
  if (!section.open || !section.dataset.packed) return;
  const packed = section.dataset.packed;
  delete section.dataset.packed;
  const data = await unpack(packed);
  const place = section.querySelector(":scope > .timeline");
  place.querySelector(".waiting").remove();
  const line = new TimeLine(place, data);
  if (data.events && data.events.time.length) {
    const history = new History(section.querySelector(":scope > .history"), data, section.id);
    line.onpick = (at) => history.showTime(at);
    history.onpick = (at) => line.mark(at);
  }
  const lines = element("ol", { class: "raw" });
  for (const text of data.lines) lines.append(element("li", {}, text));
  section.querySelector(":scope > .lines > details").append(lines);
  section.dataset.ready = "";
}

// unfoldTarget unfolds the scenario that the address names.
function unfoldTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target || !target.matches("details.scenario")) return;
  target.open = true;
  target.scrollIntoView();
}

async function copy(button) {
  const code = button.parentElement.querySelector("code");
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(code); // the browser forbids it for a file
    button.textContent = "Press Ctrl C";
  }
  setTimeout(() => { button.textContent = "Copy"; }, 2000);
}

for (const section of document.querySelectorAll("details.scenario")) {
  section.addEventListener("toggle", () => fill(section));
  fill(section);
}
for (const button of document.querySelectorAll("button.copy")) button.addEventListener("click", () => copy(button));
addEventListener("hashchange", unfoldTarget);
unfoldTarget();
