// What has played: the tracks that wandering stays away from, and the segments that it goes on from.

/** @import {Segment} from "../types/api" */

const MOST_TRACKS = 20;
const RECENT = 5;

export class Heard {
  /** Numbers of tracks, the latest last. @type {number[]} */
  tracks = [];

  /** @param {Segment} segment */
  add({ track }) {
    if (this.tracks.at(-1) === track.id) return;
    this.tracks = [...this.tracks, track.id].slice(-MOST_TRACKS - 1);
  }

  /** The tracks before the last of some that play one after the other, the first of which plays now. @param {Segment[]} segments */
  before(segments) {
    const present = this.tracks.at(-1) === segments[0].track.id ? this.tracks.slice(0, -1) : this.tracks;
    return [...present, ...segments.slice(0, -1).map(({ track }) => track.id)].slice(-MOST_TRACKS);
  }
}

/**
 * The last rows that are heard of segments that play on to the ends of their tracks, one after the other.
 * @param {Segment[]} segments
 */
export function lastRows(segments) {
  /** @type {number[]} */
  let rows = [];
  for (const { row, first_row, n_segments } of segments.slice(-RECENT)) {
    const end = first_row + n_segments;
    rows = [...rows, ...Array.from({ length: Math.min(RECENT, end - row) }, (_, i) => Math.max(row, end - RECENT) + i)];
  }
  return rows.slice(-RECENT);
}
