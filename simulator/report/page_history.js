// The History: only the rows in sight exist, so that a hundred thousand events
// scroll like ten.

class History {
  constructor(place, data, name) {
    this.data = data;
    this.name = name; // that no other History of the page has
    this.events = data.events;
    this.lower = this.events.texts.map((t) => t.toLowerCase());
    this.onpick = () => {}; // called with the moment of a row that was chosen
    this.off = new Set(); // sources that are not shown
    this.row = 0; // chosen, an index into rows
    this.list = element("div", { class: "rows", tabindex: "0", role: "listbox", "aria-label": "Events" });
    this.sheet = element("div", { class: "sheet" });
    this.list.append(this.sheet);
    this.count = element("p", { class: "note count", "aria-live": "polite" });
    this.detail = element("p", { class: "detail" });
    place.append(this.filters(), this.count, this.list, this.detail);
    this.list.addEventListener("scroll", () => this.draw(), { passive: true });
    this.list.addEventListener("keydown", (e) => this.key(e));
    this.sheet.addEventListener("click", (e) => {
      const row = e.target.closest("[data-row]");
      if (row) this.choose(Number(row.dataset.row));
    });
    new ResizeObserver(() => this.draw()).observe(this.list);
    this.filter();
  }

  filters() {
    const { texts, source, kind } = this.events;
    const used = new Map(), kinds = new Map();
    for (let i = 0; i < source.length; i++) {
      used.set(source[i], (used.get(source[i]) || 0) + 1);
      kinds.set(kind[i], (kinds.get(kind[i]) || 0) + 1);
    }
    const boxes = element("fieldset", {}, element("legend", {}, "Source"));
    for (const [number, n] of [...used].sort((a, b) => sources.indexOf(texts[a[0]]) - sources.indexOf(texts[b[0]]))) {
      const box = element("input", { type: "checkbox", checked: true, value: texts[number] });
      box.addEventListener("change", () => { this.off[box.checked ? "delete" : "add"](number); this.filter(); });
      boxes.append(element("label", { class: "chip " + texts[number] }, box, ` ${texts[number]} `, element("small", {}, String(n))));
    }
    this.kind = element("select", {}, element("option", { value: "" }, "every kind"));
    for (const [number, n] of [...kinds].sort((a, b) => texts[a[0]] < texts[b[0]] ? -1 : 1)) {
      this.kind.append(element("option", { value: String(number) }, `${texts[number]} (${n})`));
    }
    this.text = element("input", { type: "search", placeholder: "text, record, connection…" });
    this.kind.addEventListener("change", () => this.filter());
    this.text.addEventListener("input", () => this.filter());
    return element("div", { class: "filters" }, boxes,
      element("label", {}, "Kind ", this.kind), element("label", {}, "Text ", this.text));
  }

  // filter finds the rows that fit. A text is looked for once in each different
  // text, not once in each event.
  filter() {
    const { source, kind, agent, where, record, detail } = this.events;
    const wanted = this.text.value.trim().toLowerCase(), only = this.kind.value;
    const has = wanted && this.lower.map((t) => t.includes(wanted));
    const rows = [];
    for (let i = 0; i < source.length; i++) {
      if (this.off.has(source[i]) || only !== "" && kind[i] !== Number(only)) continue;
      if (has && !(has[kind[i]] || has[agent[i]] || has[where[i]] || has[record[i]] || has[detail[i]])) continue;
      rows.push(i);
    }
    this.rows = rows;
    this.row = 0;
    this.list.scrollTop = 0;
    this.detail.textContent = "";
    this.count.textContent = rows.length === source.length ? `${rows.length} events` : `${rows.length} of ${source.length} events`;
    this.draw();
  }

  draw() {
    const height = this.rowHeight(), from = Math.max(0, Math.floor(this.list.scrollTop / height) - 5);
    const until = Math.min(this.rows.length, from + Math.ceil(this.list.clientHeight / height) + 10);
    this.sheet.style.height = this.rows.length * height + "px";
    const drawn = [];
    for (let n = from; n < until; n++) drawn.push(this.draw1(n, height));
    this.sheet.replaceChildren(...drawn);
    const chosen = this.sheet.querySelector(".chosen");
    if (chosen) this.list.setAttribute("aria-activedescendant", chosen.id);
    else this.list.removeAttribute("aria-activedescendant");
  }

  draw1(n, height) {
    const i = this.rows[n], e = this.events, text = (column) => e.texts[column[i]];
    const row = element("div", { class: n === this.row ? "row chosen" : "row", role: "option", "data-row": String(n), id: `${this.name}-${n}`,
      "aria-posinset": String(n + 1), "aria-setsize": String(this.rows.length), "aria-selected": String(n === this.row) },
      element("span", { class: "time" }, clock(this.data, e.time[i], 6)),
      element("span", { class: "source " + text(e.source) }, text(e.source)),
      element("span", { class: "kind" }, text(e.kind)),
      element("span", { class: "what" }, [text(e.detail), text(e.record), text(e.where)].filter(Boolean).join("  ·  ")));
    row.style.top = n * height + "px";
    return row;
  }

  rowHeight() { return this.list.clientWidth < 560 ? 44 : 26; }

  // choose marks a row, shows the whole of it and tells the time line.
  choose(n, tell = true) {
    if (!this.rows.length) return;
    this.row = Math.max(0, Math.min(this.rows.length - 1, n));
    const height = this.rowHeight(), top = this.row * height;
    if (top < this.list.scrollTop || top + height > this.list.scrollTop + this.list.clientHeight) this.list.scrollTop = top - this.list.clientHeight / 3;
    this.draw();
    const i = this.rows[this.row], e = this.events, text = (column) => e.texts[column[i]];
    this.detail.textContent = `#${e.first + i}  ${day(this.data, e.time[i])} ${clock(this.data, e.time[i], 6)} (+${lasts(e.time[i])})  ` +
      [text(e.source) + " " + text(e.kind), text(e.detail), text(e.record), text(e.where), text(e.agent)].filter(Boolean).join("  ·  ");
    if (tell) this.onpick(e.time[i]);
  }

  // showTime chooses the first row at or after a moment.
  showTime(at) {
    let low = 0, high = this.rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.events.time[this.rows[middle]] < at) low = middle + 1; else high = middle;
    }
    this.choose(low, false);
  }

  key(e) {
    const page = Math.max(1, Math.floor(this.list.clientHeight / this.rowHeight()) - 1);
    const to = { ArrowUp: this.row - 1, ArrowDown: this.row + 1, PageUp: this.row - page, PageDown: this.row + page, Home: 0, End: this.rows.length - 1, Enter: this.row }[e.key];
    if (to === undefined || e.ctrlKey || e.metaKey || e.altKey) return;
    e.preventDefault();
    this.choose(to);
  }
}
