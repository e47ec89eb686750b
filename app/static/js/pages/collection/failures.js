// What went wrong for single tracks, and what to do about it.

/** @import {Failure, Status} from "../../types/api" */
/** @import {Toast} from "../../ui/toast.js" */

import { element } from "../../lib/dom.js";
import { count, counted, moment } from "../../lib/format.js";
import { commandLine } from "../../ui/command-line.js";

/** @param {Status} status @param {Toast} toast */
export function failures({ failure_counts, failures: listed }, toast) {
  if (!failure_counts.length) return null;
  const kinds = failure_counts.map(({ n_tracks, severity, step, code }) =>
    element("li", {}, `${counted(n_tracks, severity)} in ${step}: `, element("code", {}, code)),
  );
  const n_all = failure_counts.reduce((sum, { n_tracks }) => sum + n_tracks, 0);
  const heads = ["File", "Step", "What failed, and the next step"].map((title) => element("th", { scope: "col" }, title));
  const table = element(
    "table",
    { class: "failures" },
    element("thead", {}, element("tr", {}, ...heads)),
    element("tbody", {}, ...listed.map(row)),
  );
  const more = element("p", { class: "quiet" }, `${count(listed.length)} of ${count(n_all)} are listed. All of them: `);
  more.append(commandLine("flask status --failures", toast));
  const parts = [element("h2", {}, "Failures"), element("ul", { class: "kinds" }, ...kinds), table];
  return element("section", {}, ...parts, ...(n_all > listed.length ? [more] : []));
}

/** @param {Failure} failure */
function row({ path, step, severity, message, hint, happened_at }) {
  const what = element("td", {}, element("span", { class: severity === "error" && "problem" }, message));
  if (hint) what.append(" ", element("span", {}, hint));
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, element("bdi", {}, path)),
    element("td", {}, step, element("time", { class: "quiet", datetime: happened_at }, ` ${moment(happened_at)}`)),
    what,
  );
}
