// The live Lab's page: it plays commands and shows the state. What it shows goes
// into the page as text, never as markup.

const at = (id) => document.getElementById(id);
let state = null; // as the server last said

// ---- asking the server

async function ask(method, path, body) {
  const answer = await fetch(path, { method, headers: { "Content-Type": "application/json" }, body: body && JSON.stringify(body) });
  if (answer.status === 204) return null;
  const what = await answer.json();
  if (!answer.ok) throw new Error(what.error);
  return what;
}

let hide = 0;
function say(text, bad = false) {
  at("said").textContent = text;
  at("said").className = bad ? "bad" : "";
  at("said").hidden = false;
  clearTimeout(hide);
  hide = setTimeout(() => { at("said").hidden = true; }, bad ? 12000 : 4000);
}

// attempt says what went wrong, if something does.
async function attempt(what) {
  try {
    return await what();
  } catch (e) {
    say(e.message, true);
  }
}

// play plays commands one after the other, up to one that can't be done.
async function play(lines, asking = false) {
  for (const line of lines) {
    const a = await ask("POST", "/v1/command", { command: line, ask: asking });
    if (a.asked) say((a.holds ? "✓ " : "✗ ") + line + (a.found ? ": " + a.found : ""), !a.holds);
    else say(line);
  }
}

// ---- forms that are commands

// word is a word of a command as a script has to write it.
function word(text) {
  return /^[^\s'$#&]+$/.test(text) ? text : "'" + text.replaceAll("'", "''") + "'";
}

// commandOf is the command that a form says.
function commandOf(form) {
  const words = [form.dataset.command];
  for (const field of form.elements) {
    const kind = field.dataset.kind, value = (field.value || "").trim();
    if (!kind || value === "") continue;
    if (kind === "word") words.push(field.tagName === "SELECT" ? value : word(value));
    if (kind === "flag") words.push("-" + (field.dataset.flag || field.name), word(value));
    if (kind === "arg") words.push(word(field.name + "=" + value));
  }
  return words.join(" ");
}

for (const form of document.querySelectorAll("form[data-command]")) {
  form.addEventListener("submit", (e) => {
    e.preventDefault();
    attempt(() => play([commandOf(form)]));
  });
}

// A fault's form has a field for each argument of the fault.
for (const form of document.querySelectorAll("form.fault")) {
  const choose = () => {
    const kind = form.elements.fault.selectedOptions[0];
    form.querySelector(".about").textContent = kind.dataset.about;
    form.querySelector(".args").replaceChildren(...kind.dataset.args.split(" ").filter(Boolean).map((name) =>
      element("label", {}, name + " ", element("input", { name, "data-kind": "arg", autocomplete: "off" }))));
    preview();
  };
  const preview = () => { form.querySelector(".preview").textContent = commandOf(form); };
  form.elements.fault.addEventListener("change", choose);
  form.addEventListener("input", preview);
  choose();
}

document.addEventListener("click", (e) => {
  const button = e.target.closest("[data-play]");
  if (!button || button.dataset.sure && !confirm(button.dataset.sure)) return;
  attempt(() => play(button.dataset.play.split("; ")));
});

if (at("edit")) at("edit").addEventListener("submit", (e) => {
  e.preventDefault();
  const name = e.target.elements.name, text = e.target.elements.text.value;
  attempt(async () => {
    await ask("POST", "/v1/files", { name: name.value, text });
    await play(["portal edit " + word(name.value)]);
    name.value = name.value.replace(/(-(\d+))?(\.json)?$/, (_, _dash, n) => `-${Number(n || 1) + 1}.json`);
  });
});

at("assert").addEventListener("submit", (e) => {
  e.preventDefault();
  attempt(() => play([e.target.elements.line.value], e.submitter && e.submitter.value === "ask"));
});

at("command").addEventListener("submit", (e) => {
  e.preventDefault();
  const field = e.target.elements.line;
  attempt(async () => { await play([field.value]); field.value = ""; });
});

// ---- the clock

const setClock = (change) => attempt(() => ask("POST", "/v1/clock", change));
at("pause").addEventListener("click", () => setClock({ paused: !(state && state.clock.paused) || Boolean(state.clock.jump) }));
at("speed").addEventListener("change", () => setClock({ speed: Number(at("speed").value) }));
at("speeds").addEventListener("click", (e) => {
  const speed = e.target.dataset.speed;
  if (speed) setClock({ speed: Number(speed), paused: false });
});

function showClock(c) {
  at("now").textContent = moment(state.now);
  at("now").dateTime = state.now;
  at("pause").textContent = c.paused && !c.jump ? "Go" : "Pause";
  for (const b of at("speeds").children) b.setAttribute("aria-pressed", String(!c.paused && Number(b.dataset.speed) === c.speed));
  if (document.activeElement !== at("speed")) at("speed").value = c.speed;
  const text = c.problem ? "Stopped: " + c.problem : c.opening && !c.jump ? "playing the opening" : c.jump ? `jumping, ${c.jump} to go` : c.paused ? "paused" : c.behind ? "as fast as this machine can" : "";
  if (at("clock").textContent !== text) at("clock").textContent = text;
  at("clock").className = c.problem ? "bad" : "";
}

const moment = (text) => text.slice(0, 10) + " " + text.slice(11, 19);
const timeOf = (text) => text.slice(11, 19);

// ---- the state

// show puts children into an element if they differ.
function show(place, ...children) {
  const fresh = element("div", {}, ...children);
  if (place.innerHTML !== fresh.innerHTML) place.replaceChildren(...fresh.childNodes);
}

// rows makes a list of items by their keys. A row that was there stays, with
// what is focused or just being clicked in it; only its note changes.
function rows(list, items, make) {
  const old = new Map([...list.children].map((row) => [row.dataset.key, row]));
  items.forEach(({ key, note, item }, i) => {
    let row = old.get(key);
    if (!row) {
      row = make(item);
      row.dataset.key = key;
      row.insertBefore(element("small", {}), row.querySelector(".last"));
    }
    const place = row.querySelector("small");
    if (place.textContent !== note) place.textContent = note;
    if (list.children[i] !== row) list.insertBefore(row, list.children[i] || null);
    old.delete(key);
  });
  for (const row of old.values()) row.remove();
}

const statusLooks = { Connected: "good", "Connection error": "warn", Disconnected: "bad" };

function agent(a) {
  const notes = a.notifications.map((n) => element("li", n.resolved ? { class: "over" } : {},
    `${n.resolved ? "resolved: " : "⚠ "}${n.id}, since ${timeOf(n.since)}${n.resolved ? " until " + timeOf(n.resolved) : ""}`,
    element("small", {}, n.detail)));
  return element("div", { class: "agent" }, element("p", { class: "agent" },
    element("b", {}, a.name), " ", ...(state.runner === "forwarder" ? [a.process] :
      [element("span", { class: "word " + (statusLooks[a.status] || "") }, a.status), " ", `${a.process}; last contact ${a.lastContact ? timeOf(a.lastContact) : "never"}`])),
    element("ul", { class: "plain" }, ...notes));
}

function fault(f) {
  return element("li", {}, element("button", { type: "button", "data-play": f.heal, "aria-label": `Heal: ${f.end} ${f.text}` }, "Heal"),
    element("b", {}, f.end), element("code", {}, f.text));
}

const hits = (f) => f.hits < 0 ? "" : f.hits === 0 ? ", hit nothing yet" : f.hits === 1 ? ", hit once" : `, hit ${f.hits} times`;

const recordWords = [["created", "Made"], ["arrived", "Arrived"], ["missing", "Missing", "failed"], ["young", "Under way"], ["twice", "Twice"], ["notDue", "Not due"], ["unexpected", "Unknown", "failed"]];

function line(l) {
  const row = element("li", { class: l.text.startsWith("#") ? "comment" : l.verdict || "" },
    element("time", {}, timeOf(l.at)), element("span", {}, (l.verdict ? (l.verdict === "passed" ? "✓ " : "✗ ") : "") + l.text));
  if (l.asserts) row.append(element("button", { type: "button", class: "last", "data-remove": String(l.n), "aria-label": "Take out: " + l.text }, "×"));
  return row;
}

at("script").addEventListener("click", (e) => {
  const n = e.target.dataset.remove;
  if (n) attempt(() => ask("DELETE", "/v1/script/" + n));
});

function showState() {
  showClock(state.clock);
  show(at("agents"), ...(state.agents.length ? state.agents.map(agent) : [element("p", { class: "note" }, "The portal has no agent yet.")]));
  show(at("records"), ...recordWords.map(([key, name, bad]) => element("div", bad && state.records[key] ? { class: bad } : {}, element("dt", {}, name), element("dd", { "data-record": key }, String(state.records[key])))));
  rows(at("faults"), state.faults.map((f) => ({ key: `${f.end} ${f.id} ${f.heal} ${f.since}`, note: `since ${timeOf(f.since)}${hits(f)}`, item: f })), fault);
  show(at("verdict"), element("span", { class: "word " + state.verdict }, state.verdict), " " + state.why);
  const script = at("script"), low = script.scrollTop + script.clientHeight >= script.scrollHeight - 4;
  rows(script, state.script.map((l) => ({ key: String(l.n), note: l.verdict === "failed" ? l.found : "", item: l })), line);
  if (low) script.scrollTop = script.scrollHeight;
  if (state.agents.length && at("token")) at("token").textContent = state.agents[0].token;
}

// ---- what was saved

const savePath = () => "/v1/script?" + new URLSearchParams({ title: at("save").elements.title.value, truths: at("save").elements.truths.checked });
at("save").addEventListener("input", () => { at("download").href = savePath(); });
at("save").addEventListener("submit", (e) => {
  e.preventDefault();
  attempt(async () => {
    at("shown").textContent = await (await fetch(savePath())).text();
    at("shown").hidden = false;
    at("shown").focus();
  });
});

// ---- the time line and the events, fetched when there is something new

let drawn = null;
async function drawTimeline() {
  const data = prepare(await ask("GET", "/v1/timeline"));
  if (!drawn) {
    drawn = new TimeLine(document.querySelector(".timeline"), data);
    drawn.onpick = (us) => { // the events of that minute
      at("filter").value = clock(drawn.data, us).slice(0, 5);
      showEvents();
    };
    return;
  }
  const { from, until } = drawn, follows = until >= drawn.data.span;
  drawn.data = data;
  if (follows && from === 0) drawn.show(0, data.span);
  else if (follows) drawn.show(data.span - (until - from), data.span);
  else drawn.draw();
}

const kept = 2000, shown = 200;
let events = [], last = 0;
async function fetchEvents() {
  const after = Math.max(last, state.events - kept);
  const text = await (await fetch("/v1/history?after=" + after)).text();
  const fresh = text.split("\n").filter(Boolean).map((l) => JSON.parse(l));
  if (!fresh.length) return;
  last = fresh[fresh.length - 1].seq;
  events = events.concat(fresh).slice(-kept);
  showEvents();
}

function showEvents() {
  const wanted = at("filter").value.trim().toLowerCase(), rows = [];
  for (let i = events.length - 1; i >= 0 && rows.length < shown; i--) {
    const e = events[i], what = [e.detail, e.record, e.connection].filter(Boolean).join("  ·  ");
    if (wanted && !`${e.t.slice(11, 23)} ${e.source} ${e.kind} ${what}`.toLowerCase().includes(wanted)) continue;
    rows.push(element("li", {}, element("span", { class: "time" }, e.t.slice(11, 23)), element("span", { class: "source " + e.source }, e.source),
      element("span", {}, e.kind), element("span", { class: "what" }, what)));
  }
  at("events").replaceChildren(...rows);
}
at("filter").addEventListener("input", showEvents);

// follow keeps both up to date, one after the other, at most once a second.
let wanted = false, busy = false;
async function follow() {
  wanted = true;
  if (busy) return;
  busy = true;
  while (wanted) {
    wanted = false;
    try {
      await fetchEvents();
      await drawTimeline();
    } catch { /* the stream says when the server is back */ }
    await new Promise((go) => setTimeout(go, 1000));
  }
  busy = false;
}

const stream = new EventSource("/v1/live");
stream.onmessage = (m) => {
  state = JSON.parse(m.data);
  showState();
  document.body.dataset.ready = "";
  follow();
};
stream.onerror = () => { at("clock").textContent = "The server does not answer."; at("clock").className = "bad"; };
