"use strict";
// Everything here is comfort: without it the page still has every section and the first rows. Text of the
// data only ever becomes textContent.
(() => {
  const byId = (id) => document.getElementById(id);
  const element = (name, text, className) => {
    const out = document.createElement(name);
    if (text !== undefined) out.textContent = text;
    if (className) out.className = className;
    return out;
  };

  function theme() {
    const button = byId("theme");
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const isDark = () => (document.documentElement.dataset.theme || (dark.matches ? "dark" : "light")) === "dark";
    const label = () => { button.textContent = isDark() ? "Light" : "Dark"; };
    button.addEventListener("click", () => {
      document.documentElement.dataset.theme = isDark() ? "light" : "dark";
      label();
    });
    dark.addEventListener("change", label);
    label();
    button.hidden = false;
  }

  // A region that does not scroll needs no stop of the tab key.
  function tabStops() {
    for (const region of document.querySelectorAll(".scroll"))
      region.tabIndex = region.scrollWidth > region.clientWidth ? 0 : -1;
  }

  // Paper cannot unfold.
  function unfoldForPrint() {
    let opened = [];
    addEventListener("beforeprint", () => {
      opened = [...document.querySelectorAll("details:not([open])")];
      for (const one of opened) one.open = true;
    });
    addEventListener("afterprint", () => {
      for (const one of opened) one.open = false;
    });
  }

  // Values of marks, at once and for the keyboard as well; without this script their <title> shows them.
  function tips() {
    const tip = byId("tip");
    const hide = () => { tip.hidden = true; };
    const show = (mark) => {
      tip.textContent = mark.dataset.tip;
      tip.hidden = false;
      const at = mark.getBoundingClientRect();
      const left = Math.min(Math.max(8, at.left + at.width / 2 - tip.offsetWidth / 2), innerWidth - tip.offsetWidth - 8);
      tip.style.left = `${Math.max(8, left)}px`;
      tip.style.top = `${at.top > tip.offsetHeight + 12 ? at.top - tip.offsetHeight - 8 : at.bottom + 8}px`;
    };
    for (const title of document.querySelectorAll("figure svg title")) {
      const mark = title.parentNode;
      if (mark.nodeName === "svg") continue;
      mark.dataset.tip = title.textContent;
      mark.setAttribute("role", "img");
      mark.setAttribute("aria-label", title.textContent);
      mark.setAttribute("tabindex", "0");
      mark.ownerSVGElement.setAttribute("role", "group");  // an image would hide its marks from assistive technology
      title.remove();
      mark.addEventListener("pointerenter", () => show(mark));
      mark.addEventListener("pointerleave", hide);
      mark.addEventListener("focus", () => show(mark));
      mark.addEventListener("blur", hide);
    }
    addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
    addEventListener("scroll", hide, { passive: true });
  }

  // The fields of a row and of its arms' cells, in the order in which the page was written.
  const SPLIT = 0, KEY = 1, CLASS = 2, SLICES = 3, WEIGHT = 4, ARMS = 5;
  const SCORE = 0, PASSED = 1, TRIALS = 2, FLIP = 3, FAILURES = 4, COST = 5, LATENCY = 6, ERROR = 7;
  const PER_PAGE = 100;

  function rows() {
    const source = byId("row-data");
    if (!source) return;
    const { arms, columns, rows, texts } = JSON.parse(source.textContent);
    const table = byId("row-table"), body = table.tBodies[0], form = byId("filters");
    const hasClasses = "classes" in table.dataset, hasWeights = "weights" in table.dataset, hasFailures = "failures" in table.dataset;
    const order = new Intl.Collator("en", { numeric: true });
    const state = { page: 0, sort: null, descending: false, open: new Set() };
    let matching = rows;

    const text = (place) => (place === null ? "" : texts[place]);
    const percent = (score) => `${(score * 100).toFixed(1)}%`;
    const money = (usd) => `$${Number(usd.toPrecision(4))}`;

    // Sorting

    const values = {
      key: () => (row) => row[KEY],
      split: () => (row) => (row[SPLIT] ? "test" : "dev"),
      class: () => (row) => text(row[CLASS]),
      slice: (at) => (row) => text(row[SLICES][at]),
      weight: () => (row) => row[WEIGHT],
      score: (arm) => (row) => row[ARMS][arm][SCORE],
      flip: (arm) => (row) => row[ARMS][arm][FLIP],
      failures: (arm) => (row) => failureNames(row[ARMS][arm]).join(" "),
      cost: (arm) => (row) => row[ARMS][arm][COST],
      latency: (arm) => (row) => row[ARMS][arm][LATENCY],
    };

    function compare(a, b) {
      if (a === b) return 0;
      if (a === null || a === "") return 1;  // what is absent comes last, whichever way
      if (b === null || b === "") return -1;
      const way = state.descending ? -1 : 1;
      return way * (typeof a === "number" ? a - b : order.compare(a, b));
    }

    function sorted(list) {
      if (!state.sort) return list;
      const [what, at] = state.sort.split(":");
      const value = values[what](Number(at));
      return list.map((row) => [value(row), row]).sort((a, b) => compare(a[0], b[0])).map((pair) => pair[1]);
    }

    function sortBy(what) {
      if (state.sort !== what) Object.assign(state, { sort: what, descending: false });
      else if (!state.descending) state.descending = true;
      else Object.assign(state, { sort: null, descending: false });
      for (const head of table.querySelectorAll("th[data-sort]")) {
        if (head.dataset.sort === state.sort) head.setAttribute("aria-sort", state.descending ? "descending" : "ascending");
        else head.removeAttribute("aria-sort");
      }
      update();
    }

    // Filtering

    const failureNames = (cell) => cell[FAILURES].map(text).concat(cell[ERROR] === null ? [] : [text(cell[ERROR])]);

    function matches(row, wanted) {
      if (wanted.key && !row[KEY].toLowerCase().includes(wanted.key)) return false;
      if (wanted.split !== "" && row[SPLIT] !== Number(wanted.split)) return false;
      if (wanted.class !== "" && row[CLASS] !== Number(wanted.class)) return false;
      if (wanted.slice !== "") {
        const [column, value] = wanted.slice.split(":").map(Number);
        if (row[SLICES][column] !== value) return false;
      }
      if (wanted.arm === "" && wanted.flip === "" && wanted.failure === "") return true;
      // Of one arm: its change and its failures must both be as wanted.
      return row[ARMS].some((cell, arm) => {
        if (wanted.arm !== "" && arm !== Number(wanted.arm)) return false;
        if (wanted.flip === "changed" && !cell[FLIP]) return false;
        if (wanted.flip !== "" && wanted.flip !== "changed" && cell[FLIP] !== Number(wanted.flip)) return false;
        if (wanted.flip !== "" && cell[FLIP] === null) return false;
        if (wanted.failure === "error") return cell[ERROR] !== null;
        if (wanted.failure === "unscored") return cell[SCORE] === null && cell[TRIALS] > 0;
        if (wanted.failure === "failed") return cell[PASSED] < cell[TRIALS];
        return wanted.failure === "" || cell[FAILURES].includes(Number(wanted.failure));
      });
    }

    function update() {
      const data = new FormData(form);
      const wanted = {};
      for (const name of ["split", "arm", "flip", "failure", "slice", "class"]) wanted[name] = data.get(name) ?? "";
      wanted.key = data.get("key").trim().toLowerCase();
      matching = sorted(rows.filter((row) => matches(row, wanted)));
      state.page = 0;
      show();
    }

    // Showing

    function chip(word, style, icon) {
      const out = element("span", undefined, `chip ${style}`);
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
      svg.setAttribute("class", "icon");
      svg.setAttribute("aria-hidden", "true");
      use.setAttribute("href", `#i-${icon}`);
      svg.append(use);
      out.append(svg, word);
      return out;
    }

    function data(content, className) {
      const cell = element("td", undefined, className);
      cell.append(content);
      return cell;
    }

    function isolated(value) {
      return element("bdi", value.length > 80 ? `${value.slice(0, 79)}…` : value);
    }

    function scoreCell(cell) {
      const out = element("td", undefined, "n first");
      if (cell[SCORE] === null) {
        out.textContent = cell[TRIALS] === 0 ? "" : "no score";
      } else {
        out.append(percent(cell[SCORE]));
        if (cell[TRIALS] > 1) out.append(" ", element("span", `${cell[PASSED]}/${cell[TRIALS]}`, "quiet"));
      }
      return out;
    }

    function flipCell(cell) {
      const flip = cell[FLIP];
      return data(flip === 1 ? chip("win", "good", "up") : flip === -1 ? chip("loss", "bad", "down") : flip === 0 ? "same" : "");
    }

    function failuresCell(cell) {
      const out = element("td");
      const tag = (value, className) => {
        const one = element("span", undefined, className);
        one.append(isolated(value));
        out.append(one, " ");
      };
      for (const failure of cell[FAILURES]) tag(text(failure), "tag");
      if (cell[ERROR] !== null) tag(text(cell[ERROR]), "tag error");
      return out;
    }

    function details(row) {
      const out = element("tr", undefined, "details");
      const holder = element("td");
      holder.colSpan = table.tHead.rows[1].cells.length;
      const inner = element("table");
      const head = inner.createTHead().insertRow();
      for (const name of ["arm", "score", "passed", "change", "failures", "cost", "latency", "error"]) {
        const one = element("th", name);
        one.scope = "col";
        head.append(one);
      }
      inner.createCaption().textContent = `What each arm did on ${row[KEY]}`;
      const list = inner.createTBody();
      row[ARMS].forEach((cell, arm) => {
        const line = list.insertRow();
        const name = element("th");
        name.scope = "row";
        name.append(element("bdi", arms[arm]));
        line.append(name,
          data(cell[SCORE] === null ? "no score" : percent(cell[SCORE]), "n"),
          data(`${cell[PASSED]} of ${cell[TRIALS]}`),
          arm ? flipCell(cell) : data(""),
          data(cell[FAILURES].map(text).join(", ")),
          data(cell[COST] === null ? "not reported" : money(cell[COST]), "n"),
          data(cell[LATENCY] === null ? "" : `${cell[LATENCY]} ms`, "n"),
          data(element("bdi", text(cell[ERROR]))));
      });
      holder.append(inner);
      out.append(holder);
      return out;
    }

    function keyCell(row, line) {
      const out = element("th", undefined, "key");
      out.scope = "row";
      const button = element("button", state.open.has(row) ? "−" : "+");
      button.type = "button";
      button.setAttribute("aria-label", `Details of ${row[KEY]}`);
      button.setAttribute("aria-expanded", String(state.open.has(row)));
      button.addEventListener("click", () => {
        const open = !state.open.has(row);
        if (open) line.after(details(row));
        else line.nextSibling.remove();
        if (open) state.open.add(row);
        else state.open.delete(row);
        button.textContent = open ? "−" : "+";
        button.setAttribute("aria-expanded", String(open));
      });
      out.append(button, isolated(row[KEY]));
      return out;
    }

    function line(row) {
      const out = element("tr");
      out.append(keyCell(row, out), data(row[SPLIT] ? "test" : "dev"));
      if (hasClasses) out.append(data(isolated(text(row[CLASS]))));
      for (const slice of row[SLICES]) out.append(data(isolated(text(slice))));
      if (hasWeights) out.append(data(String(row[WEIGHT]), "n"));
      row[ARMS].forEach((cell, arm) => {
        out.append(scoreCell(cell));
        if (arm) out.append(flipCell(cell));
        if (hasFailures) out.append(failuresCell(cell));
        out.append(data(cell[COST] === null ? "" : money(cell[COST]), "n extra"),
          data(cell[LATENCY] === null ? "" : `${cell[LATENCY]} ms`, "n extra"));
      });
      return out;
    }

    const number = (n) => n.toLocaleString("en");

    function show() {
      const pages = Math.max(1, Math.ceil(matching.length / PER_PAGE));
      const begin = state.page * PER_PAGE;
      const visible = matching.slice(begin, begin + PER_PAGE);
      body.replaceChildren(...visible.flatMap((row) => {
        const one = line(row);
        return state.open.has(row) ? [one, details(row)] : [one];
      }));
      byId("count").textContent = matching.length === 0
        ? `None of ${number(rows.length)} rows matches.`
        : `Rows ${number(begin + 1)}–${number(begin + visible.length)} of ${number(matching.length)}` +
          (matching.length === rows.length ? "." : ` that match, out of ${number(rows.length)}.`);
      byId("pager").hidden = pages === 1;
      byId("page").textContent = `Page ${number(state.page + 1)} of ${number(pages)}`;
      const [previous, next] = byId("pager").querySelectorAll("button");
      previous.disabled = state.page === 0;
      next.disabled = state.page === pages - 1;
      tabStops();
    }

    function turn(by) {
      state.page += by;
      show();
      table.closest(".scroll").scrollIntoView({ block: "start" });
    }

    // Controls

    function option(parent, value, name) {
      const out = element("option", name);
      out.value = value;
      parent.append(out);
    }

    function fill(name, places, prefix = "") {
      for (const place of [...places].sort((a, b) => order.compare(texts[a], texts[b])))
        option(form.elements[name], prefix + place, texts[place] || "(empty)");
    }

    function fillFilters() {
      arms.forEach((arm, at) => option(form.elements.arm, String(at), arm));
      option(form.elements.failure, "failed", "failed a trial");
      option(form.elements.failure, "error", "with an error");
      option(form.elements.failure, "unscored", "without a score");
      const cells = rows.flatMap((row) => row[ARMS]);
      fill("failure", new Set(cells.flatMap((cell) => cell[FAILURES])));
      columns.forEach((column, at) => {
        const group = element("optgroup");
        group.label = column;
        form.elements.slice.append(group);
        const places = [...new Set(rows.map((row) => row[SLICES][at]))];
        for (const place of places.sort((a, b) => order.compare(texts[a], texts[b])))
          option(group, `${at}:${place}`, `${column}=${texts[place]}`);
      });
      if (columns.length === 0) form.elements.slice.parentNode.remove();
      if (hasClasses) fill("class", new Set(rows.map((row) => row[CLASS]).filter((place) => place !== null)));
      else form.elements.class.parentNode.remove();
    }

    function showExtra() {
      const extra = form.elements.extra.checked;
      table.classList.toggle("with-extra", extra);
      for (const group of table.querySelectorAll("th.arm")) group.colSpan = Number(group.dataset.columns) + (extra ? 2 : 0);
      tabStops();
    }

    for (const head of table.querySelectorAll("th[data-sort]")) {
      const button = element("button", head.textContent);
      const [what, arm] = head.dataset.sort.split(":");
      if (arm && what !== "slice") button.setAttribute("aria-label", `${head.textContent}, ${arms[arm]}`);
      button.type = "button";
      button.addEventListener("click", () => sortBy(head.dataset.sort));
      head.replaceChildren(button);
    }
    fillFilters();
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", (event) => (event.target.name === "extra" ? showExtra() : update()));
    form.addEventListener("reset", () => setTimeout(() => { showExtra(); update(); }));
    byId("pager").querySelectorAll("button").forEach((button, at) => button.addEventListener("click", () => turn(at ? 1 : -1)));
    form.hidden = false;
    show();
  }

  theme();
  tips();
  rows();
  tabStops();
  unfoldForPrint();
  addEventListener("resize", tabStops);
})();
