// The last commands that wrote, and how they ended.

/** @import {Run, Status} from "../../types/api" */

import { element } from "../../lib/dom.js";
import { count, moment } from "../../lib/format.js";

/** @param {Status} status */
export function runs({ runs: all }) {
  if (!all.length) return null;
  const titles = ["Command", "Started", "Done", "Skipped", "Failed", "Ended"];
  const heads = titles.map((title) => element("th", { scope: "col" }, title));
  const table = element(
    "table",
    { class: "runs" },
    element("thead", {}, element("tr", {}, ...heads)),
    element("tbody", {}, ...all.map((run, i) => row(run, i === 0, titles))),
  );
  return element("section", {}, element("h2", {}, "Last commands"), table);
}

/** @param {Run} run @param {boolean} isLatest @param {string[]} titles shown beside the values where the table is narrow */
function row(run, isLatest, [, ...titles]) {
  const { command, started_at, n_done, n_skipped, n_failed } = run;
  const started = element("time", { datetime: started_at }, moment(started_at));
  const values = [started, count(n_done), count(n_skipped), count(n_failed), ending(run, isLatest)];
  const cells = values.map((value, i) => element("td", { "data-title": titles[i] }, value));
  return element("tr", {}, element("th", { scope: "row" }, element("code", {}, `flask ${command}`)), ...cells);
}

/** @param {Run} run @param {boolean} isLatest */
function ending({ ended_at, error }, isLatest) {
  // only one command writes at a time: an earlier one without an end was killed
  if (ended_at === null) return isLatest ? "at work, or killed" : "killed";
  if (error === null) return moment(ended_at);
  return error === "interrupted" ? "interrupted" : `stopped by ${error}`;
}
