// The collection in a few numbers.

/** @import {Collection, Status} from "../../types/api" */

import { element } from "../../lib/dom.js";
import { count, duration } from "../../lib/format.js";

/** @param {Status} status @param {Collection} collection */
export function summary({ tracks, failure_counts }, { n_failed }) {
  const { n_present, n_missing, n_described, duration_s } = tracks;
  if (!n_present && !n_missing) return null;
  const warnings = failure_counts.filter(({ severity }) => severity === "warning");
  const figures = [
    figure("tracks", count(n_present)),
    figure("of sound", duration(duration_s)),
    figure("with file tags read", count(n_described)),
    figure("missing files", count(n_missing), n_missing > 0),
    figure("with errors", count(n_failed), n_failed > 0),
    figure("warnings", count(warnings.reduce((sum, { n_tracks }) => sum + n_tracks, 0))),
  ];
  return element("dl", { class: "summary" }, ...figures);
}

/** @param {string} name @param {string} value @param {boolean} [isProblem] */
function figure(name, value, isProblem = false) {
  return element("div", {}, element("dt", {}, name), element("dd", { class: isProblem && "problem" }, value));
}
