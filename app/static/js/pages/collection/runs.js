// The last commands that wrote, and how they ended.

/** @import {Run, Status} from "../../types/api" */

import { element } from "../../lib/dom.js";
import { count, moment } from "../../lib/format.js";

/** @param {Status} status */
export function runs({ runs: all, is_writing }) {
  if (!all.length) return null;
  const titles = ["Command", "Started", "Done", "Skipped", "Failed", "Ended"];
  const heads = titles.map((title) => element("th", { scope: "col" }, title));
  const table = element(
    "table",
    { class: "runs" },
    element("thead", {}, element("tr", {}, ...heads)),
    element("tbody", {}, ...all.map((run, i) => row(run, is_writing && i === 0, titles))),
  );
  return element("section", {}, element("h2", {}, "Last commands"), table);
}

/** @param {Run} run @param {boolean} mayRun @param {string[]} titles shown beside the values where the table is narrow */
function row(run, mayRun, [, ...titles]) {
  const { command, started_at, n_done, n_skipped, n_failed } = run;
  const started = element("time", { datetime: started_at }, moment(started_at));
  const values = [started, count(n_done), count(n_skipped), count(n_failed), ending(run, mayRun)];
  const cells = values.map((value, i) => element("td", { "data-title": titles[i] }, value));
  return element("tr", {}, element("th", { scope: "row" }, element("code", {}, `flask ${command}`)), ...cells);
}

/** @param {Run} run @param {boolean} mayRun */
function ending({ ended_at, error }, mayRun) {
  // only one command writes at a time: another one without an end was killed
  if (ended_at === null) return mayRun ? "at work" : "killed";
  if (error === null) return moment(ended_at);
  return error === "interrupted" ? "interrupted" : `stopped by ${error}`;
}
