// How the time line is moved: by pointer, by wheel and by keyboard.

class Gestures {
  constructor(line) {
    this.line = line;
    const on = (kind, act, options) => line.svg.addEventListener(kind, (e) => act.call(this, e), options);
    on("pointerdown", this.press);
    on("pointermove", this.hover);
    on("pointerup", this.release);
    on("pointercancel", () => { this.held = null; });
    on("pointerleave", this.leave);
    on("wheel", this.wheel, { passive: false });
    on("keydown", this.key);
    on("blur", this.leave);
  }

  place(e) {
    const box = this.line.svg.getBoundingClientRect();
    return { x: e.clientX - box.left, y: e.clientY - box.top };
  }

  press(e) {
    if (e.button !== 0) return;
    const { x } = this.place(e);
    this.held = { x, from: this.line.from, until: this.line.until, moved: false };
    this.line.svg.setPointerCapture(e.pointerId);
  }

  hover(e) {
    const line = this.line, { x, y } = this.place(e);
    if (this.held) {
      const d = (this.held.x - x) / line.width * (this.held.until - this.held.from);
      if (Math.abs(this.held.x - x) > 4) this.held.moved = true;
      if (this.held.moved) line.show(this.held.from + d, this.held.until + d);
      return;
    }
    if (x < line.left) return this.leave();
    line.hair.setAttribute("x1", x);
    line.hair.setAttribute("x2", x);
    line.hair.setAttribute("visibility", "visible");
    const item = this.under(x, y);
    line.choose(item, false);
    this.tip(item ? item.text : clock(line.data, line.at(x), 3) + " (+" + lasts(line.at(x)) + ")", x, y);
  }

  // under is the item at a place; a thin one is found from two pixels away.
  under(x, y) {
    const hits = this.line.items.filter((i) => y >= i.y && y <= i.y + i.height && x >= i.x - 2 && x <= i.x + i.width + 2);
    return hits.sort((a, b) => Math.abs(a.x + a.width / 2 - x) - Math.abs(b.x + b.width / 2 - x))[0];
  }

  tip(text, x, y) {
    const tip = this.line.tip;
    tip.textContent = text;
    tip.hidden = false;
    const room = this.line.svg.parentElement.clientWidth - tip.offsetWidth;
    tip.style.left = Math.max(0, Math.min(x + 14, room)) + "px";
    tip.style.top = y + 18 + "px";
  }

  leave() {
    this.line.tip.hidden = true;
    this.line.hair.setAttribute("visibility", "hidden");
  }

  release(e) {
    const { x, y } = this.place(e);
    if (this.held && !this.held.moved && x >= this.line.left) {
      const item = this.under(x, y);
      const at = item && item.lane.times ? item.from : this.line.at(x);
      this.line.mark(at);
      this.line.onpick(at);
    }
    this.held = null;
  }

  wheel(e) {
    if (!e.ctrlKey && !e.metaKey && document.activeElement !== this.line.svg) return; // the page scrolls
    e.preventDefault();
    const { x } = this.place(e);
    if (Math.abs(e.deltaX) > Math.abs(e.deltaY)) this.line.move(e.deltaX / this.line.width);
    else this.line.zoom(Math.exp(Math.max(-1, Math.min(1, e.deltaY / 200))), this.line.at(x));
  }

  key(e) {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const line = this.line;
    const act = {
      "+": () => line.zoom(0.5), "=": () => line.zoom(0.5), "-": () => line.zoom(2), "0": () => line.show(0, line.data.span),
      Home: () => line.show(0, line.until - line.from), End: () => line.show(line.data.span - (line.until - line.from), line.data.span),
      ArrowLeft: () => e.shiftKey ? line.move(-0.2) : this.step(-1), ArrowRight: () => e.shiftKey ? line.move(0.2) : this.step(1),
      ArrowUp: () => this.change(-1), ArrowDown: () => this.change(1),
      Enter: () => { if (line.chosen) { line.mark(line.chosen.from); line.onpick(line.chosen.from); } },
    }[e.key];
    if (!act) return;
    e.preventDefault();
    act();
  }

  // step chooses the item before or after, in the same lane.
  step(by) {
    const line = this.line, of = line.items.filter((i) => !line.chosen || i.lane === line.chosen.lane);
    const now = line.chosen ? of.findIndex((i) => i.from === line.chosen.from && i.until === line.chosen.until && i.y === line.chosen.y) : -1;
    this.take(of[Math.max(0, Math.min(of.length - 1, now + by))]);
  }

  // change goes to the lane above or below, to the item nearest in time.
  change(by) {
    const line = this.line, lanes = line.data.lanes.filter((l) => line.items.some((i) => i.lane === l));
    const now = line.chosen ? lanes.indexOf(line.chosen.lane) : -1;
    const lane = lanes[Math.max(0, Math.min(lanes.length - 1, now + by))];
    const at = line.chosen ? line.chosen.from : line.from;
    this.take(line.items.filter((i) => i.lane === lane).sort((a, b) => Math.abs(a.from - at) - Math.abs(b.from - at))[0]);
  }

  take(item) {
    if (!item) return;
    this.line.choose(item);
    this.tip(item.text, item.x, item.y + item.height - 10);
  }
}
