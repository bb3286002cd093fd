// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
// Shows what the server has received, and asks every second whether there is more. All text comes off the wire and is
// trusted by nobody: it becomes text nodes, never markup.
"use strict";

const MAX_ROWS = 20; // of one upload
const MAX_TAGS = 200; // to choose from
const MAX_POINTS = 200_000; // of one point cloud
const MAX_CLOUD_BYTES = 32 * 1024 * 1024;

const byId = id => document.getElementById(id);
const shown = new Map(); // file -> {element, tags}
let chosen = null; // tag; null shows all

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

const value = (item, name) => item["CamelViamData" + name];
const text = data => typeof data === "string" ? data : JSON.stringify(data);
const address = item => "data/" + encodeURIComponent(item.file);
const tagsOf = item => value(item, "Tags") ?? [];

function time(data) {
  const date = new Date(data);
  return isNaN(date) ? text(data) : date.toLocaleString([], {dateStyle: "medium", timeStyle: "medium"});
}

function size(bytes) {
  return bytes < 1000 ? bytes + " bytes" : bytes < 1e6 ? Math.round(bytes / 1000) + " kB" : (bytes / 1e6).toFixed(1) + " MB";
}

function tagList(item) {
  const list = element("p");
  for (const tag of tagsOf(item)) list.append(element("span", tag, "tag"), " ");
  return list;
}

// ---- One upload ----

function card(item) {
  const component = value(item, "ComponentName") ?? "file";
  const name = value(item, "FileName") ?? value(item, "MethodName") ?? item.file;
  const view = element("a", undefined, "view");
  view.href = address(item);
  if (/\.(jpg|png)$/.test(item.file)) {
    const picture = element("img");
    picture.loading = "lazy";
    picture.alt = `Picture of ${component}: ${name}`;
    picture.addEventListener("error", () => picture.replaceWith(element("span", "No picture that can be shown")));
    picture.src = address(item);
    view.append(picture);
  } else if (item.file.endsWith(".pcd")) {
    cloud(item, view, `Point cloud of ${component}, seen from above: ${name}`);
  } else {
    view.append(element("span", `Download ${name}`));
  }

  const words = element("div", undefined, "text");
  words.append(element("h3", component), element("p", name),
    element("p", `${time(item.received)}, ${size(item.bytes)}`, "soft"), tagList(item), metadata(item));
  const made = element("li");
  made.append(view, words);
  return made;
}

function metadata(item) {
  const list = element("dl");
  for (const [name, data] of Object.entries(item)) {
    if (!name.startsWith("CamelViamData") || data === null) continue;
    list.append(element("dt", name.slice("CamelViamData".length)),
      element("dd", Array.isArray(data) ? data.map(text).join(", ") : text(data)));
  }
  const details = element("details");
  details.append(element("summary", "Metadata"), list);
  return details;
}

function rows(item) {
  const body = element("tbody");
  fetch(address(item)).then(answer => answer.json()).then(readings => {
    const times = value(item, "TimeReceived") ?? item.received;
    readings.slice(0, MAX_ROWS).forEach((reading, i) => {
      const row = element("tr");
      const tags = element("td");
      tags.append(tagList(item));
      row.append(element("td", time(Array.isArray(times) ? times[i] ?? item.received : times)),
        element("td", value(item, "ComponentName")), element("td", values(reading)), tags);
      body.append(row);
    });
    if (readings.length > MAX_ROWS) {
      const rest = element("td", `${readings.length - MAX_ROWS} more in this upload`, "soft");
      rest.colSpan = 4;
      body.append(element("tr"));
      body.lastChild.append(rest);
    }
  }).catch(() => forget(item.file)); // The next poll that brings something tries again.
  return body;
}

function values(reading) {
  const keys = Object.keys(reading);
  const data = keys.length === 1 && keys[0] === "readings" && reading.readings ? reading.readings : reading;
  return Object.entries(data).map(([name, entry]) => `${name} ${text(entry)}`).join(", ");
}

// ---- Point clouds ----

async function cloud(item, view, label) {
  const note = element("span", "Point cloud");
  view.append(note);
  if (item.bytes > MAX_CLOUD_BYTES) {
    note.textContent = "Point cloud too large to draw";
    return;
  }
  try {
    const points = parsePcd(await (await fetch(address(item))).arrayBuffer());
    const canvas = element("canvas");
    canvas.width = 560;
    canvas.height = 350;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${label}, ${points.length / 3} points`);
    draw(canvas, points);
    note.replaceWith(canvas);
  } catch (error) {
    note.textContent = "Point cloud that cannot be drawn";
  }
}

/** x, y, z of point after point. */
function parsePcd(buffer) {
  const head = new TextDecoder("latin1").decode(buffer.slice(0, 4096));
  const end = /^DATA[ \t]+(\w+)[ \t]*\r?\n/m.exec(head);
  if (!end) throw new Error("no DATA line");
  const header = {};
  for (const line of head.slice(0, end.index).split("\n")) {
    const [key, ...rest] = line.trim().split(/\s+/);
    header[key] = rest;
  }
  const places = ["x", "y", "z"].map(name => header.FIELDS.indexOf(name));
  if (places.includes(-1)) throw new Error("no x, y and z");
  const start = end.index + end[0].length;
  const points = [];
  const add = point => {
    if (point.every(Number.isFinite)) points.push(...point);
  };
  const counts = header.FIELDS.map((name, i) => Number(header.COUNT?.[i] ?? 1));
  const before = (i, width) => counts.slice(0, i).reduce((sum, count, j) => sum + count * width(j), 0);
  if (end[1] === "ascii") {
    const columns = places.map(place => before(place, () => 1));
    for (const line of new TextDecoder("latin1").decode(buffer.slice(start)).split("\n")) {
      if (points.length / 3 >= MAX_POINTS) break;
      if (line.trim() === "") continue;
      const cells = line.trim().split(/\s+/);
      add(columns.map(column => Number(cells[column])));
    }
  } else if (end[1] === "binary") {
    const sizes = header.SIZE.map(Number);
    const offsets = places.map(place => before(place, j => sizes[j]));
    const step = before(counts.length, j => sizes[j]);
    if (!(step > 0) || places.some(place => header.TYPE[place] !== "F")) throw new Error("unknown layout");
    const data = new DataView(buffer, start);
    const number = Math.min(Math.floor(data.byteLength / step), Number(header.POINTS), MAX_POINTS);
    for (let i = 0; i < number; i++) {
      add(places.map((place, axis) => sizes[place] === 8
        ? data.getFloat64(i * step + offsets[axis], true)
        : data.getFloat32(i * step + offsets[axis], true)));
    }
  } else {
    throw new Error("DATA " + end[1]);
  }
  if (points.length === 0) throw new Error("no points");
  return points;
}

/** From above: x to the right, y up, the higher the lighter. */
function draw(canvas, points) {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  points.forEach((at, i) => {
    low[i % 3] = Math.min(low[i % 3], at);
    high[i % 3] = Math.max(high[i % 3], at);
  });
  const extent = high.map((at, i) => at - low[i] || 1);
  const scale = 0.92 * Math.min(canvas.width / extent[0], canvas.height / extent[1]);
  const left = (canvas.width - extent[0] * scale) / 2;
  const top = (canvas.height - extent[1] * scale) / 2;
  const pen = canvas.getContext("2d");
  for (let i = 0; i < points.length; i += 3) {
    const height = (points[i + 2] - low[2]) / extent[2];
    pen.fillStyle = `hsl(${220 - 170 * height} 90% ${60 + 20 * height}%)`;
    pen.fillRect(left + (points[i] - low[0]) * scale - 1, top + (high[1] - points[i + 1]) * scale - 1, 2.5, 2.5);
  }
}

// ---- All of them ----

function show(items) {
  for (const item of [...items].reverse()) {
    if (shown.has(item.file)) continue;
    const tabular = item.file.endsWith(".json");
    const made = tabular ? rows(item) : card(item);
    shown.set(item.file, {element: made, tags: tagsOf(item)});
    if (tabular) byId("readings").tHead.after(made);
    else byId("files").prepend(made);
  }
  const current = new Set(items.map(item => item.file));
  for (const file of [...shown.keys()]) if (!current.has(file)) forget(file);
  offerTags();
  filter();
}

function forget(file) {
  shown.get(file)?.element.remove();
  shown.delete(file);
}

/** Adds and removes single buttons, so that the one that has the keyboard's focus stays. */
function offerTags() {
  const tags = new Set([...shown.values()].flatMap(upload => upload.tags));
  for (const button of [...byId("tags").children].slice(1)) {
    const tag = button.textContent;
    if (!tags.delete(tag)) {
      button.remove();
      if (chosen === tag) choose(byId("tags").firstElementChild, null);
    }
  }
  for (const tag of tags) {
    if (byId("tags").children.length > MAX_TAGS) break;
    const button = element("button", tag);
    button.type = "button";
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => choose(button, tag));
    byId("tags").append(button);
  }
}

function choose(chosenButton, tag) {
  chosen = tag;
  for (const button of byId("tags").children) button.setAttribute("aria-pressed", String(button === chosenButton));
  filter();
}

function filter() {
  let visible = 0;
  for (const upload of shown.values()) {
    upload.element.hidden = chosen !== null && !upload.tags.includes(chosen);
    if (!upload.element.hidden) visible++;
  }
  const uploads = shown.size === 1 ? "1 upload" : shown.size + " uploads";
  byId("count").textContent = shown.size === 0 ? "Nothing yet" : chosen === null ? uploads : `${visible} of ${uploads}`;
}

let version = null;

async function poll() {
  try {
    const answer = await fetch("items", {cache: "no-store", headers: version ? {"If-None-Match": version} : {}});
    if (answer.status === 200) {
      show(await answer.json());
      version = answer.headers.get("ETag");
    } else if (answer.status !== 304) {
      throw new Error("status " + answer.status);
    }
    byId("state").textContent = "Live";
    byId("state").className = "";
  } catch (error) {
    byId("state").textContent = "No answer from the server; trying again";
    byId("state").className = "lost";
  }
  setTimeout(poll, 1000);
}

byId("tags").firstElementChild.addEventListener("click", event => choose(event.currentTarget, null));
poll();
