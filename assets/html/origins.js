// Shows where a number, table or figure comes from. Each link leads to its entry at the end of the page: without this
// script, or where it cannot show the data, the browser follows it. The data stand there as JSON (annex.py); what is in
// them is only ever set as text.
"use strict";

(() => {
  const dialog = document.getElementById("origin");
  const list = dialog.querySelector("dl");
  let opener = null;

  function originOf(name) {
    const { cells, values, shown } = JSON.parse(document.getElementById("origins").textContent);
    const found = [values, shown].find((named) => Object.hasOwn(named, name))?.[name];
    return found && { ...found, code: cells[found.notebook]?.[found.cell] };
  }

  function ranges(lines) {
    const runs = [];
    for (const line of lines) {
      if (runs.length && runs.at(-1).last + 1 === line) runs.at(-1).last = line;
      else runs.push({ first: line, last: line });
    }
    return runs.map(({ first, last }) => (first === last ? `${first}` : `${first}–${last}`)).join(", ");
  }

  function unrounded(number) {
    const [whole, parts] = (number ?? "").split("/").map(Number);
    return parts ? String(Number((whole / parts).toPrecision(9))).replace("-", "−") : "";
  }

  function day(code) {
    return code && new Date(code).toLocaleDateString("en-GB", { dateStyle: "long", timeZone: "UTC" });
  }

  function add(term, texts, tag = "span") {
    const given = texts.filter(Boolean);
    if (!given.length) return;
    list.append(Object.assign(document.createElement("dt"), { textContent: term }));
    for (const text of given) {
      const told = document.createElement("dd");
      told.append(Object.assign(document.createElement(tag), { textContent: text }));
      list.append(told);
    }
  }

  // What the number says, or the number and headline of the table or figure.
  function titleOf(link) {
    const caption = link.closest(".whence") && link.closest("figure")?.querySelector("figcaption");
    const parts = caption ? [...caption.querySelectorAll(".label, .headline")] : [link];
    return (parts.length ? parts : [caption]).map((part) => part.textContent).join("");
  }

  function fill(name, title, origin) {
    const { illustrative } = dialog.dataset;
    dialog.querySelector("h2").textContent = title;
    dialog.querySelector("a").href = `#origin-${name}`;
    list.replaceChildren();
    add("Name", [name], "code");
    add("How it is computed", [origin.formula.slice(0, 1).toUpperCase() + origin.formula.slice(1)]);
    add("Unrounded", [unrounded(origin.number)]);
    add("Data", Object.entries(origin.rows).map(
      ([dataset, lines]) => `${dataset}, ${lines.length > 1 ? "lines" : "line"} ${ranges(lines)}`,
    ));
    add("Source", origin.sources);
    add("As at", [day(origin.as_at)]);
    add("Status", origin.statuses.map((status) => (status === "illustrative" ? illustrative : status)));
    add("Notebook", [origin.notebook && `${origin.notebook}, ${origin.cell}`]);
    add("Code of the cell", [origin.code], "pre");
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-origin]");
    const plain = !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    const origin = link && plain && originOf(link.dataset.origin);
    if (!origin) return;
    event.preventDefault();
    fill(link.dataset.origin, titleOf(link), origin);
    opener = link;
    dialog.showModal();
    dialog.scrollTop = 0;
  });

  // Outside its box, or on the way to the list.
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
    else if (event.target.closest("a")) {
      opener = null;
      dialog.close();
    }
  });

  // Not every browser has focused a link that was clicked.
  dialog.addEventListener("close", () => opener?.focus({ preventScroll: true }));
})();
