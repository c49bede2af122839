// What a scenario's section has packed in it, and how times are written.

const sources = ["cas", "agent", "syslog", "network", "script", "checker"];

async function unpack(text) {
  const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(letters, (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return prepare(await new Response(stream).json());
}

// prepare makes what was sent into what is drawn.
function prepare(data) {
  data.began = Date.parse(data.start);
  data.span = Math.max(data.span, 1);
  for (const lane of data.lanes) {
    lane.times = lane.times && sums(lane.times);
    lane.bands = lane.bands || [];
    for (const band of lane.bands) band.row = band.row || 0; // what is zero is left out
  }
  if (data.events) data.events.time = sums(data.events.time);
  return data;
}

// sums turns differences into values.
function sums(steps) {
  const all = new Float64Array(steps.length);
  let sum = 0;
  for (let i = 0; i < steps.length; i++) all[i] = sum += steps[i];
  return all;
}

// clock is a moment, in µs since the start, as the time of day in UTC.
function clock(data, at, digits = 0) {
  const ms = data.began + at / 1000;
  const text = new Date(Math.floor(ms)).toISOString().slice(11, 19);
  if (!digits) return text;
  const micros = ((Math.round(at) % 1e6) + 1e6 + (data.began % 1000) * 1000) % 1e6;
  return text + "." + String(Math.floor(micros)).padStart(6, "0").slice(0, digits);
}

function day(data, at) {
  return new Date(data.began + at / 1000).toISOString().slice(0, 10);
}

// lasts is a length in µs, in two units.
function lasts(us) {
  if (us < 1e3) return Math.round(us) + " µs";
  if (us < 1e6) return (us / 1e3).toFixed(us < 1e4 ? 1 : 0) + " ms";
  const s = us / 1e6;
  if (s < 60) return s.toFixed(s < 10 ? 1 : 0) + " s";
  const minutes = Math.floor(s / 60);
  if (minutes < 60) return minutes + " min " + Math.floor(s % 60) + " s";
  return Math.floor(minutes / 60) + " h " + (minutes % 60) + " min";
}

function element(name, attributes, ...inside) {
  const e = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key in e && key !== "list" && typeof value !== "string") e[key] = value;
    else e.setAttribute(key, value);
  }
  e.append(...inside);
  return e;
}

// firstFrom is the index of the first of the sorted times that is at or after t.
function firstFrom(times, t) {
  let low = 0, high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < t) low = middle + 1; else high = middle;
  }
  return low;
}
