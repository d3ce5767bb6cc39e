// How the server is started and what is asked of it beyond the protocol. Knows nothing of VS Code, so that it is
// tested against the real server alone.
"use strict";

/** Whose questions the server answers. Files that are not saved anywhere are nothing that it can know a project of. */
const SELECTOR = [{ scheme: "file", language: "purlin" }];

/** The languages that templates of CloudFormation and SAM are written in. */
const LANGUAGES = ["yaml", "json", "cloudformation"];

/** What is said of templates when the server is started: the languages whose documents it gets, or that it gets none. */
const templates = (on) => (on ? LANGUAGES : false);

/** Whether a document is a reason to start the server: a program, or what may be a template. */
const concerns = ({ uri, languageId, text }, on) =>
  uri.scheme === "file" && (languageId === "purlin" || (on && LANGUAGES.includes(languageId) && isTemplate(text)));

/** Whether a text may be a template; the server looks closer. */
const isTemplate = (text) => text.includes("Resources") && /AWS::|Custom::/.test(text);

/** How the server is started, for a given path of the program. */
const started = (path) => ({ command: path || "purlin", args: ["lsp"] });

/**
 * The server's own commands. `ask` sends a request: a method and its parameters.
 * Each gives what the server answers, or nothing if there is nothing to show.
 */
const questions = (ask) => {
  const run = (command, argument) => ask("workspace/executeCommand", { command, arguments: [argument] });
  return {
    /** What the declaration at a place becomes: `{ title, language, text }`. */
    cloudFormation: (uri, position) => run("purlin.cloudformation", { uri, position }),
    /** The graph of a file's stack: `{ title, svg }`. */
    graph: (uri) => run("purlin.graph", { uri }),
    /** What a rule is about: `{ title, markdown }`. */
    explain: (rule) => run("purlin.explain", rule),
  };
};

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => ESCAPES[sign]);

/** A page that shows a drawing and can do nothing: no script, nothing fetched. */
const page = ({ title, svg }) => `<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>body { margin: 0; background: #fff; } svg { max-width: 100%; height: auto; }</style>
</head>
<body>
${svg.slice(Math.max(svg.indexOf("<svg"), 0))}
</body>
</html>
`;

/** The rules that were found at a place, each once. A finding's code is a text, or a record that leads to a page. */
const rulesAt = (findings, line) => {
  const here = findings.filter((finding) => finding.source === "purlin" && finding.range.start.line <= line && line <= finding.range.end.line);
  return [...new Set(here.map(({ code }) => (typeof code === "object" && code ? code.value : code)).filter(Boolean).map(String))];
};

module.exports = { SELECTOR, LANGUAGES, templates, concerns, started, questions, page, rulesAt };
