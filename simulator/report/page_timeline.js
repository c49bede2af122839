// The time line: drawn to scale in virtual time, anew at each change of what is
// in view. What is drawn is bounded by the width in pixels, not by the events.

const svgSpace = "http://www.w3.org/2000/svg";
const rowHeight = 22, countHeight = 30, laneGap = 10, axisHeight = 34, smallest = 1000, bucket = 3;

function svg(name, attributes, text) {
  const e = document.createElementNS(svgSpace, name);
  for (const key in attributes) e.setAttribute(key, attributes[key]);
  if (text !== undefined) e.textContent = text;
  return e;
}

class TimeLine {
  constructor(place, data) {
    this.data = data;
    this.number = TimeLine.count = (TimeLine.count || 0) + 1; // its patterns must be its own: another drawing may be folded away
    this.from = 0;
    this.until = data.span;
    this.pin = null; // µs: a moment that is marked
    this.onpick = () => {}; // called with a moment that was clicked
    this.svg = svg("svg", { class: "drawing", tabindex: "0", role: "application", "aria-roledescription": "time line",
      "aria-label": "Time line. Plus and minus zoom, 0 shows all, arrows go from item to item, with Shift they move the view." });
    this.tip = element("div", { class: "tip", hidden: true });
    this.said = element("p", { class: "said", "aria-live": "polite" });
    const hint = element("p", { class: "note hint" },
      "Drag to move; zoom with the buttons, with + and −, or with the wheel (click the drawing first, or hold Ctrl). Arrow keys go from item to item. A click shows that moment in the History. Times are virtual, in UTC.");
    place.append(this.buttons(), element("div", { class: "board" }, this.svg, this.tip), this.said, hint);
    new Gestures(this);
    new ResizeObserver(() => this.draw()).observe(this.svg.parentElement);
    this.draw();
  }

  buttons() {
    const button = (text, label, act) => {
      const b = element("button", { type: "button", "aria-label": label, title: label }, text);
      b.addEventListener("click", act);
      return b;
    };
    this.range = element("span", { class: "range" });
    return element("div", { class: "tools" },
      button("+", "Zoom in", () => this.zoom(0.5)), button("−", "Zoom out", () => this.zoom(2)),
      button("◂", "Earlier", () => this.move(-0.3)), button("▸", "Later", () => this.move(0.3)),
      button("All", "Show all", () => this.show(0, this.data.span)), this.range);
  }

  // show puts a stretch of time into view, within what there is.
  show(from, until) {
    const size = Math.min(Math.max(until - from, smallest), this.data.span);
    this.from = Math.min(Math.max(from, 0), this.data.span - size);
    this.until = this.from + size;
    this.draw();
  }

  // zoom makes the view factor times as long, around a moment that stays.
  zoom(factor, around = (this.from + this.until) / 2) {
    const size = Math.min(Math.max((this.until - this.from) * factor, smallest), this.data.span);
    const share = (around - this.from) / (this.until - this.from);
    this.show(around - size * share, around - size * share + size);
  }

  move(share) {
    const d = (this.until - this.from) * share;
    this.show(this.from + d, this.until + d);
  }

  // mark pins a moment, and brings it into view.
  mark(at) {
    this.pin = at;
    if (at < this.from || at > this.until) {
      const half = (this.until - this.from) / 2;
      this.show(at - half, at + half);
    } else this.draw();
  }

  x(at) { return this.left + (at - this.from) / (this.until - this.from) * this.width; }
  at(x) { return this.from + (x - this.left) / this.width * (this.until - this.from); }

  draw() {
    const all = this.svg.parentElement.clientWidth;
    if (!all) return; // folded away
    const narrow = all < 620;
    this.left = narrow ? 0 : 132;
    this.width = Math.max(all - this.left - 1, 50);
    this.items = []; // what is drawn and can be pointed at
    this.places = []; // of the lanes
    const ground = svg("g", {}), board = svg("g", {});
    let y = axisHeight;
    for (const lane of this.data.lanes) {
      const top = narrow ? y + 16 : y;
      const height = lane.times ? countHeight : lane.rows * rowHeight - 2;
      const name = svg("text", { class: "lane", x: narrow ? 2 : 0, y: narrow ? y + 11 : y + 15 }, lane.name);
      name.append(svg("title", {}, lane.help));
      ground.append(name, svg("rect", { class: "ground", x: this.left, y: top, width: this.width, height }));
      if (lane.times) this.drawCounts(board, lane, top);
      else for (const band of lane.bands) this.drawBand(board, lane, band, top + band.row * rowHeight);
      this.places.push({ lane, top, bottom: top + height });
      y = top + height + laneGap;
    }
    this.drawAxis(ground, y);
    if (this.pin !== null && this.pin >= this.from && this.pin <= this.until) {
      const x = this.x(this.pin);
      board.append(svg("path", { class: "pin", d: `M${x} ${axisHeight - 8}V${y}M${x - 5} ${axisHeight - 14}h10l-5 7z` }));
    }
    this.hair = svg("line", { class: "hair", y1: axisHeight - 6, y2: y, visibility: "hidden" });
    this.ring = svg("rect", { class: "ring", rx: 3, visibility: "hidden" });
    board.append(this.hair, this.ring);
    this.svg.setAttribute("width", all);
    this.svg.setAttribute("height", y);
    this.svg.replaceChildren(patterns(this.number), ground, board);
    this.range.textContent = `${clock(this.data, this.from)} to ${clock(this.data, this.until)} (${lasts(this.until - this.from)})`;
    if (this.chosen) this.choose(this.chosen, false);
  }

  drawBand(board, lane, band, y) {
    if (band.until < this.from || band.from > this.until) return;
    const x = Math.max(this.x(band.from), this.left), end = Math.min(this.x(band.until), this.left + this.width);
    const width = Math.max(end - x, 3), height = rowHeight - 2;
    const last = this.items[this.items.length - 1];
    if (last && last.lane === lane && last.y === y && last.x + last.width > x + width - 1 && width <= 3) return; // no pixel is left for it
    const group = svg("g", { class: "band " + band.look });
    group.append(svg("rect", { class: "fill", x, y, width, height }));
    if (hatched.has(band.look)) group.append(svg("rect", { x, y, width, height, fill: `url(#hatch-${this.number}-${band.look})` }));
    group.append(svg("rect", { class: "edge", x, y, width: Math.min(3, width), height }));
    const room = Math.floor((width - 10) / 6.6);
    const text = lane.name === "Phases" && band.detail.length + band.label.length + 1 <= room ? band.label + " " + band.detail : band.label;
    if (text.length <= room) group.append(svg("text", { x: x + 7, y: y + 14 }, text));
    else if (room > 4) group.append(svg("text", { x: x + 7, y: y + 14 }, text.slice(0, room - 1) + "…"));
    if (band.open) group.append(svg("path", { class: "edge", d: `M${x + width - 1} ${y}l-5 ${height / 2}l5 ${height / 2}z` }));
    board.append(group);
    this.items.push({ lane, x, y, width, height, from: band.from, until: band.until, text: bandText(this.data, lane, band) });
  }

  drawCounts(board, lane, top) {
    const found = [];
    let most = 0;
    const step = (this.until - this.from) * bucket / this.width;
    let i = firstFrom(lane.times, this.from);
    while (i < lane.times.length && lane.times[i] <= this.until) {
      const n = Math.floor((lane.times[i] - this.from) / step);
      let next = firstFrom(lane.times, this.from + (n + 1) * step);
      if (next <= i) next = i + 1; // rounding
      found.push({ x: this.left + n * bucket, count: next - i, from: lane.times[i], until: lane.times[next - 1] });
      most = Math.max(most, next - i);
      i = next;
    }
    const group = svg("g", { class: "counts " + lane.look });
    let marked = -9;
    for (const f of found) {
      const height = Math.max(4, (marks[lane.look] ? countHeight - 8 : countHeight) * Math.sqrt(f.count / most));
      group.append(svg("rect", { x: f.x, y: top + countHeight - height, width: bucket - 0.5, height }));
      if (marks[lane.look] && f.x - marked >= 9) {
        group.append(svg("path", { class: "shape", d: marks[lane.look](f.x + 1, top + countHeight - height - 1) }));
        marked = f.x;
      }
      this.items.push({ lane, x: f.x, y: top, width: bucket, height: countHeight, from: f.from, until: f.until, text: countText(this.data, lane, f) });
    }
    if (most > 1) group.append(svg("text", { class: "scale", x: this.left ? 0 : 70, y: this.left ? top + 27 : top - 5 }, "up to " + most));
    board.append(group);
  }

  drawAxis(board, bottom) {
    const size = this.until - this.from;
    const step = ticks.find((t) => size / t * 86 <= this.width) || 864e8 * Math.ceil(size / 864e8 * 86 / this.width);
    const zero = (this.data.began % 864e5) * 1000; // µs since midnight
    let lastDay = "";
    for (let t = Math.ceil((this.from + zero) / step) * step - zero; t <= this.until; t += step) {
      const x = this.x(t);
      if (x > this.left + this.width - 20) break;
      board.append(svg("line", { class: "tick", x1: x, x2: x, y1: axisHeight - 6, y2: bottom }));
      const digits = step < 1e3 ? 6 : step < 1e6 ? 3 : 0;
      const text = clock(this.data, t, digits);
      board.append(svg("text", { class: "tick", x: x + 3, y: axisHeight - 9 }, step >= 6e7 ? text.slice(0, 5) : text));
      const today = day(this.data, t);
      if (today !== lastDay) board.append(svg("text", { class: "tick day", x: x + 3, y: axisHeight - 22 }, today));
      lastDay = today;
    }
  }

  // choose shows an item's details and rings it; say: to a screen reader too.
  choose(item, say = true) {
    this.chosen = item;
    const now = item && this.items.find((i) => i.lane === item.lane && i.from === item.from && i.until === item.until && i.text === item.text);
    if (!now) {
      this.ring.setAttribute("visibility", "hidden");
      return;
    }
    for (const [key, value] of Object.entries({ x: now.x - 2, y: now.y - 2, width: now.width + 4, height: now.height + 4, visibility: "visible" })) this.ring.setAttribute(key, value);
    if (say) this.said.textContent = now.text;
  }
}

const ticks = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 5e6, 15e6, 3e7, 6e7, 3e8, 6e8, 9e8, 18e8, 36e8, 72e8, 108e8, 216e8, 432e8, 864e8];
const hatched = new Set(["bad", "warn", "held", "fault"]);

// patterns are what tells looks apart where colours don't.
function patterns(number) {
  const defs = svg("defs", {});
  for (const [look, size, d] of [["warn", 8, "M-2 2l4-4M0 8l8-8M6 10l4-4"], ["bad", 6, "M0 0l6 6M6 0l-6 6"], ["held", 6, "M0 3h6"], ["fault", 8, "M-2 6l4 4M0 0l8 8M6-2l4 4"]]) {
    const p = svg("pattern", { id: `hatch-${number}-${look}`, width: size, height: size, patternUnits: "userSpaceOnUse" });
    p.append(svg("path", { class: "hatch " + look, d }));
    defs.append(p);
  }
  return defs;
}

// marks stand above a count: a cross, a diamond or a triangle.
const marks = {
  bad: (x, y) => `M${x - 3} ${y - 6}l6 6m0-6l-6 6`,
  warn: (x, y) => `M${x} ${y - 7}l3.5 3.5l-3.5 3.5l-3.5-3.5z`,
  fault: (x, y) => `M${x - 3.5} ${y}l3.5-6l3.5 6z`,
};

function bandText(data, lane, band) {
  const detail = band.detail ? " – " + band.detail : "";
  const label = `${lane.name}: ${band.label}${detail}`;
  if (band.from === band.until) return `${label}, at ${clock(data, band.from, 3)}`;
  const end = band.open ? "the end" : clock(data, band.until, 3);
  return `${label}, from ${clock(data, band.from, 3)} to ${end} (${lasts(band.until - band.from)})`;
}

function countText(data, lane, f) {
  const when = f.from === f.until ? `at ${clock(data, f.from, 3)}` : `from ${clock(data, f.from, 3)} to ${clock(data, f.until, 3)}`;
  return `${lane.name}: ${f.count} ${f.count === 1 ? lane.unit.replace(/s$/, "") : lane.unit}, ${when}`;
}
