// Draws what the server tells, and tells it again when it changes. Every text is put in as text, never as markup,
// but for the graph, which the server draws itself.
"use strict";

const part = (id) => document.getElementById(id);
let state = { version: 0, declarations: [], findings: [], files: [], stacks: [] };
let chosen = decodeURIComponent(location.hash.slice(1));
let scale;

const element = (tag, text, attributes = {}) => {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
};

/** A path as one would write it in the project. */
const short = (path) => (path.startsWith(state.root) ? path.slice(state.root.length) : path);

const current = () => state.declarations.find((d) => d.id === chosen);

/** Chooses a declaration: it is marked in the list, the graph and the source. */
const choose = (id, { move = true } = {}) => {
  chosen = id;
  if (location.hash.slice(1) !== encodeURIComponent(id)) history.replaceState(null, "", `#${encodeURIComponent(id)}`);
  drawList();
  drawDetails(move);
  drawChosen();
};

const drawStatus = () => {
  const errors = state.findings.filter((f) => f.severity === "error").length;
  const warnings = state.findings.filter((f) => f.severity === "warning").length;
  document.title = `${state.title} - Purlin`;
  part("title").textContent = state.title;
  part("status").textContent = state.error ?? `${state.declarations.length} declarations, ${errors} errors, ${warnings} warnings`;
  part("status").classList.toggle("broken", Boolean(state.error) || errors > 0);
  part("count").textContent = state.findings.length || "";
};

const drawFindings = () => {
  const list = part("findings");
  list.replaceChildren();
  for (const finding of state.findings) {
    const button = element("button", undefined, { class: finding.severity, type: "button" });
    button.append(element("b", finding.rule), finding.message);
    const more = [finding.help, ...finding.related.map((r) => `${short(r.place.file)}:${r.place.line} ${r.text ?? ""}`)].filter(Boolean);
    if (more.length) button.append(element("small", more.join("\n")));
    button.addEventListener("click", () => showPlace(finding.place));
    const item = element("li");
    item.append(button);
    list.append(item);
  }
  if (!state.findings.length) list.append(element("li", "none"));
};

const wanted = () => {
  const words = part("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  return state.declarations.filter((d) => words.every((word) => `${d.name} ${d.kind}`.toLowerCase().includes(word)));
};

const drawList = () => {
  const list = part("declarations");
  list.replaceChildren();
  list.removeAttribute("aria-activedescendant");
  wanted().forEach((declaration, at) => {
    const item = element("li", declaration.name, { role: "option", id: `d${at}`, "aria-selected": declaration.id === chosen });
    item.append(element("small", declaration.kind));
    item.addEventListener("click", () => choose(declaration.id));
    list.append(item);
    if (declaration.id === chosen) {
      list.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    }
  });
};

/** The texts of the nodes in the graph, with the declarations that they stand for. */
const nodes = () =>
  [...part("graph").querySelectorAll("section")].flatMap((section) =>
    [...section.querySelectorAll("text")].flatMap((text) => {
      const [name, kind] = [...text.querySelectorAll("tspan")].map((t) => t.textContent);
      const declaration = state.declarations.find((d) => d.stack === section.dataset.stack && d.name === name && d.kind === kind);
      return declaration ? [[text, declaration]] : [];
    }),
  );

const drawGraph = () => {
  const graph = part("graph");
  graph.replaceChildren();
  graph.classList.toggle("old", state.stacks.some((s) => s.old));
  for (const stack of state.stacks) {
    const section = element("section", undefined, { "data-stack": stack.name, "aria-label": `Graph of ${stack.name}` });
    if (state.stacks.length > 1) section.append(element("h3", stack.name));
    const svg = new DOMParser().parseFromString(stack.svg.slice(stack.svg.indexOf("<svg")), "image/svg+xml").documentElement;
    section.append(document.importNode(svg, true));
    graph.append(section);
  }
  for (const [text, declaration] of nodes()) {
    text.setAttribute("role", "button");
    text.setAttribute("tabindex", "0");
    text.setAttribute("aria-label", `${declaration.kind} ${declaration.name}`);
    for (const target of [text, text.previousElementSibling]) target?.addEventListener("click", () => choose(declaration.id));
    text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      choose(declaration.id);
    });
  }
  zoom(scale ?? fitting());
  drawChosen();
};

/** The scale at which the widest graph is seen whole, unless it could not be read then. */
const fitting = () => {
  const widths = [...part("graph").querySelectorAll("svg")].map((svg) => Number(svg.getAttribute("viewBox").split(" ")[2]));
  return Math.max(0.5, Math.min(1, part("graph").clientWidth / Math.max(1, ...widths)));
};

const drawChosen = () => {
  for (const [text, declaration] of nodes()) {
    text.classList.toggle("chosen", declaration.id === chosen);
    if (declaration.id === chosen) text.scrollIntoView({ block: "center", inline: "center" });
    text.setAttribute("aria-pressed", declaration.id === chosen);
  }
};

const zoom = (to) => {
  scale = Math.min(4, Math.max(0.2, to));
  for (const svg of part("graph").querySelectorAll("svg")) {
    const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
    svg.setAttribute("width", width * scale);
    svg.setAttribute("height", height * scale);
  }
};

/** A file with its lines, some of which are marked. */
const drawSource = (name, from, to, found, move) => {
  const file = state.files.find((f) => f.path === name);
  const source = part("source");
  source.replaceChildren();
  part("source-title").textContent = "Source ";
  if (file) part("source-title").append(element("span", short(name)));
  let first;
  (file?.text ?? "").split("\n").forEach((text, at) => {
    const line = element("span", undefined, from <= at + 1 && at + 1 <= to ? { class: "at" } : {});
    line.append(element("i", at + 1), found === at + 1 ? element("span", text, { class: "found" }) : text);
    source.append(line, "\n");
    if (at + 1 === (found ?? from)) first = line;
  });
  if (move) first?.scrollIntoView({ block: "center" });
};

const drawDetails = (move) => {
  const declaration = current();
  drawSource(declaration?.file ?? state.files[0]?.path, declaration?.from ?? 0, declaration?.to ?? 0, undefined, move);
  part("cloudformation").textContent = declaration ? declaration.cloudformation : "Choose a declaration.";
  const policy = part("policy");
  policy.replaceChildren();
  for (const statement of declaration?.policy ?? []) {
    const article = element("article");
    const line = (before, text, name) => {
      const p = element("p", before, name ? { class: name } : {});
      p.append(element("code", text));
      article.append(p);
    };
    line("may ", statement.actions.join(", "));
    line("on ", statement.resources.join(", "));
    if (statement.condition) line("where ", statement.condition);
    for (const because of statement.because) line(`because of ${short(because.file)}:${because.line} `, because.text, "because");
    policy.append(article);
  }
  if (!policy.children.length) policy.append(element("p", declaration ? "It has no role of its own." : ""));
};

/** Shows a place of a file, with the declaration that it stands in. */
const showPlace = (place) => {
  const inside = (d) => d.file === place.file && d.from <= place.line && place.line <= d.to;
  const declaration = state.declarations.find(inside);
  if (declaration) choose(declaration.id, { move: false });
  drawSource(place.file, declaration?.from ?? 0, declaration?.to ?? 0, place.line, true);
  part("source").focus({ preventScroll: true });
};

const draw = () => {
  drawStatus();
  drawFindings();
  drawList();
  drawGraph();
  drawDetails(false);
};

/** Asks for what is newer than what is shown, again and again; the server answers when there is something. */
const follow = async () => {
  for (;;) {
    let gone;
    try {
      const answer = await fetch(`state?since=${state.version}`);
      if (answer.status === 200) {
        state = await answer.json();
        draw();
        continue;
      }
      if (answer.status === 204) continue;
      // Another run of the server has another address.
      gone = answer.status === 403 ? "the server was started again: open the address that it printed" : `the server refuses: ${answer.status}`;
    } catch {
      gone = "the server is gone";
    }
    part("status").textContent = gone;
    part("status").classList.add("broken");
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
};

part("search").addEventListener("input", drawList);
part("search").addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown" || event.key === "Enter") {
    event.preventDefault();
    part("declarations").focus();
    const first = wanted()[0];
    if (first && !wanted().some((d) => d.id === chosen)) choose(first.id);
  }
});
part("declarations").addEventListener("keydown", (event) => {
  const all = wanted();
  const at = all.findIndex((d) => d.id === chosen);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const next = all[Math.min(all.length - 1, Math.max(0, to))];
  if (next) choose(next.id);
});
part("graph").addEventListener("keydown", (event) => {
  const to = { "+": scale * 1.25, "=": scale * 1.25, "-": scale / 1.25, 0: fitting() }[event.key];
  if (to !== undefined) zoom(to);
});
part("graph").addEventListener("wheel", (event) => {
  if (!event.ctrlKey) return;
  event.preventDefault();
  zoom(scale * (event.deltaY < 0 ? 1.1 : 1 / 1.1));
}, { passive: false });
document.addEventListener("keydown", (event) => {
  if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") {
    event.preventDefault();
    part("search").select();
  } else if (event.key === "g") {
    part("graph").focus();
  }
});
addEventListener("hashchange", () => choose(decodeURIComponent(location.hash.slice(1))));
follow();
