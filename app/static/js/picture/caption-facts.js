// What stands under a picture: which map it is, how much of it is seen, and what was chosen.

/** @import {Collection, Segment, SelectionFacts} from "../types/api" */
/** @import {CaptionFacts} from "../types/picture" */
/** @import {View} from "../state/view-schema.js" */

import { counted, isolated, span } from "../lib/format.js";
import { chosen } from "../state/choices.js";
import { colourName } from "../state/colours.js";

const JOINED = "The segments of a track are joined: pale where it begins, strong where it ends.";
const AVERAGES = "A dot is a track, large where its segments lie apart.";

/** What colours, and by whose ears. @param {Collection} collection @param {View} view */
export function wholeColourName(collection, view) {
  return colourName(collection, { ...view, network: "" });
}

/**
 * @param {Collection} collection @param {View} view what is shown @param {string} counts how many points there are
 * @param {SelectionFacts | null} selected @param {Segment | null} ringed what plays, where its ring is seen @param {Date} date
 * @returns {CaptionFacts}
 */
export function captionFacts(collection, view, counts, selected, ringed, date) {
  const { network, projection } = chosen(collection, view);
  const coloured = view.colour === null ? "" : `, coloured by ${wholeColourName(collection, view)}`;
  const lines = [`${counts}.`];
  if (view.granularity === "trajectories") lines.push(JOINED);
  if (view.granularity === "averages") lines.push(AVERAGES);
  if (view.filter)
    lines.push(`Filter: ${isolated(view.filter)} (what does not match is ${view.rest === "pale" ? "pale" : "left out"})`);
  if (selected) {
    const how = `${counted(selected.n_segments, "segment")} of ${counted(selected.n_tracks, "track")}`;
    lines.push(`Selected: ${how}; the others step back.`);
  }
  if (ringed) {
    const { track, start_s, end_s } = ringed;
    const by = track.artist ? ` by ${isolated(track.artist)}` : "";
    lines.push(`The ring: ${isolated(track.title)}${by}, ${span(start_s, end_s)}.`);
  }
  const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long" }).format(date);
  return { title: `${network.title} ${view.layer} as ${projection.title}${coloured}`, lines, source: `Tagscape, ${day}` };
}
