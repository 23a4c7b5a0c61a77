// What the preview adds to the page of a report: it shows a new version at the same place, marks what changed,
// and tells what is wrong. The document on disk has none of it.
"use strict";

const own = document.currentScript.dataset;
const MARKED_MS = 6000;
const FRAME = ["title", "head style", "header", "nav.contents ul", "nav.sidebar", "footer"];
let version = Number(own.version);
let shown = blocksOf(document);
let current = Promise.resolve();

// The bar, and the place of errors.

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const status = element("p", { role: "status", class: "preview-status" }, "Connecting");
const toChange = element("button", { type: "button", hidden: "" }, "Go to the change");
const documents = ["pdf", "docx"].map((format) => element(
  "a", { href: `/report.${format}?token=${own.token}`, target: "_blank", rel: "noopener" },
  `Make ${format === "pdf" ? "PDF" : "Word"}`,
));
const bar = element(
  "aside", { class: "preview-bar", "aria-label": "Preview" },
  element("strong", {}, `Preview of ${own.quarter}`), status, toChange, ...documents,
);
const errors = element("div", { role: "alert", class: "preview-errors", tabindex: "0" });
errors.hidden = true;
document.body.append(errors, bar);

function say(text) {
  if (status.textContent !== text) status.textContent = text;
}

let told = "[]";

function showProblems(problems) {
  // Told once: a screen reader would read the same again.
  const now = JSON.stringify(problems);
  if (now === told) return;
  told = now;
  errors.hidden = problems.length === 0;
  errors.replaceChildren();
  if (!problems.length) return;
  const count = problems.length === 1 ? "One mistake" : `${problems.length} mistakes`;
  errors.append(element("p", { class: "preview-errors-title" }, `${count}; below is the last good report`));
  const list = element("ul");
  for (const { message, location, hint } of problems) {
    const item = element("li", {}, location ? element("code", {}, location) : "", " ", element("span", {}, message));
    if (hint) item.append(element("pre", {}, hint));
    list.append(item);
  }
  errors.append(list);
}

// A new version: blocks that are alike stay the nodes they are, so what is in them stays as its reader left it.

function mainOf(page) {
  return page.querySelector("main");
}

function blocksOf(page) {
  return [...mainOf(page).children].map((block) => block.outerHTML);
}

// Pairs of places of the longest common subsequence.
function alike(before, after) {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const rows = before.length - start - end;
  const columns = after.length - start - end;
  const longest = Array.from({ length: rows + 1 }, () => new Uint32Array(columns + 1));
  for (let row = rows - 1; row >= 0; row -= 1) {
    for (let column = columns - 1; column >= 0; column -= 1) {
      longest[row][column] = before[start + row] === after[start + column]
        ? longest[row + 1][column + 1] + 1
        : Math.max(longest[row + 1][column], longest[row][column + 1]);
    }
  }
  const pairs = [];
  for (let place = 0; place < start; place += 1) pairs.push([place, place]);
  for (let row = 0, column = 0; row < rows && column < columns;) {
    if (before[start + row] === after[start + column]) pairs.push([start + row++, start + column++]);
    else if (longest[row + 1][column] >= longest[row][column + 1]) row += 1;
    else column += 1;
  }
  for (let place = end; place > 0; place -= 1) pairs.push([before.length - place, after.length - place]);
  return pairs;
}

// The place of a node below a block, and the node at that place of another block.
function pathTo(node, block) {
  const path = [];
  for (let at = node; at !== block; at = at.parentElement) path.unshift([...at.parentElement.children].indexOf(at));
  return path;
}

function carryOver(old, block) {
  const details = block.querySelectorAll("details");
  old.querySelectorAll("details").forEach((one, place) => { if (details[place]) details[place].open = one.open; });
  const focused = document.activeElement;
  if (focused === old || !old.contains(focused)) return null;
  return pathTo(focused, old).reduce((at, place) => at?.children[place], block);
}

function mark(block, how) {
  block.dataset.previewChange = how;
  setTimeout(() => delete block.dataset.previewChange, MARKED_MS);
}

function swap(page) {
  const main = mainOf(document);
  const live = [...main.children];
  const fresh = [...mainOf(page).children].map((block) => document.importNode(block, true));
  const now = blocksOf(page);
  const kept = new Map(alike(shown, now).map(([old, place]) => [place, old]));
  const staying = new Set(kept.values());
  const anchor = live.find((block, place) => staying.has(place) && block.getBoundingClientRect().bottom > 0);
  const top = anchor?.getBoundingClientRect().top;

  const changed = [];
  let focus = null;
  let old = 0; // the first of the old blocks that has no place yet
  const removeUpTo = (place) => {
    const gone = live.slice(old, place);
    gone.forEach((block) => block.remove());
    old = Math.max(old, place);
    return gone.length > 0;
  };
  fresh.forEach((block, place) => {
    if (kept.has(place)) {
      if (removeUpTo(kept.get(place))) changed.push([live[kept.get(place)], "Removed above"]);
      old = kept.get(place) + 1;
      return;
    }
    const replaced = old < live.length && !staying.has(old) ? live[old] : null;
    if (replaced) {
      focus = carryOver(replaced, block) ?? focus;
      replaced.replaceWith(block);
    } else {
      main.insertBefore(block, live[old] ?? null);
    }
    if (replaced) old += 1;
    changed.push([block, replaced ? "Changed" : "New"]);
  });
  if (removeUpTo(live.length) && main.lastElementChild) changed.push([main.lastElementChild, "Removed below"]);
  shown = now;

  for (const selector of FRAME) {
    const [was, is] = [document.querySelector(selector), page.querySelector(selector)];
    if (was && is && was.outerHTML !== is.outerHTML) was.replaceWith(document.importNode(is, true));
  }
  if (anchor) scrollBy({ top: anchor.getBoundingClientRect().top - top, behavior: "instant" });
  focus?.focus({ preventScroll: true });
  changed.forEach(([block, how]) => mark(block, how));
  return changed.map(([block]) => block);
}

async function load() {
  const answer = await fetch("/", { cache: "no-store" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const got = Number(page.querySelector("script[data-version]").dataset.version);
  if (version === 0 && got > 0) {
    location.reload();
    return;
  }
  const changed = got > version ? swap(page) : [];
  version = got;
  toChange.hidden = changed.length === 0;
  toChange.onclick = () => changed[0].scrollIntoView({ block: "center" });
  const time = new Date().toLocaleTimeString();
  const count = changed.length === 1 ? "1 block changed" : `${changed.length || "no"} blocks changed`;
  say(`Updated at ${time}: ${count}`);
}

async function notice({ version: latest, working, problems }) {
  if (latest > version) await load();
  else if (working) say("Building");
  else say(problems.length ? "Not built: there is a mistake" : "Up to date");
  showProblems(problems);
}

const events = new EventSource("/-/events");
events.onmessage = (event) => { current = current.then(() => notice(JSON.parse(event.data))).catch(() => say("Not reached")); };
events.onerror = () => say("The preview has ended, or is starting again");
