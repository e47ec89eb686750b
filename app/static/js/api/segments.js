// Segments and taggrams of one network at one revision, asked for once and then remembered.

/** @import {Ahead, Rows, Segment, Taggram} from "../types/api" */

import { address, json } from "./client.js";
import { Shared } from "./shared.js";

const REMEMBERED_SEGMENTS = 2000;
const REMEMBERED_TAGGRAMS = 50;

export class Segments {
  /** @type {Map<number, Segment>} */
  #segments = new Map();
  /** @type {Map<number, Taggram>} */
  #taggrams = new Map();
  /** @type {Shared<number, Segment>} */
  #segmentsUnderway = new Shared();
  /** @type {Shared<number, Taggram>} */
  #taggramsUnderway = new Shared();

  /**
   * @param {string} network @param {number} revision @param {string | null} tagNetwork whose taggrams are shown
   * @param {number} hop_s from the start of a segment to that of the next
   */
  constructor(network, revision, tagNetwork, hop_s) {
    /** The layer whose space says what is alike. */
    this.layer = "embeddings";
    /** To which wandering and paths keep. @type {string | null} */
    this.filter = null;
    /** To which they keep as well: a selection, as docs/selection.md writes it. @type {string | null} */
    this.selection = null;
    this.network = network;
    this.revision = revision;
    this.tagNetwork = tagNetwork;
    this.hop_s = hop_s;
  }

  /** @param {number} row @param {AbortSignal} [signal] @returns {Promise<Segment>} */
  async one(row, signal) {
    const known = this.#segments.get(row);
    if (known) return known;
    const path = address(["api", "segments", this.network, row], { revision: this.revision });
    const segment = await this.#segmentsUnderway.ask(row, (shared) => json(path, shared), signal);
    remember(this.#segments, row, segment, REMEMBERED_SEGMENTS);
    return segment;
  }

  /** What came with another answer need not be asked for. @param {Segment[]} segments with their five top tags */
  know(segments) {
    for (const segment of segments) remember(this.#segments, segment.row, segment, REMEMBERED_SEGMENTS);
  }

  /**
   * Where to wander on to: a segment, or none where nothing is left.
   * @param {{ rows: number[], tracks: number[], near: number, seed: number }} wish @param {AbortSignal} [signal]
   */
  async wander({ rows, tracks, near, seed }, signal) {
    return this.#ahead("wander", { rows: rows.join(","), tracks: tracks.join(",") || null, near, seed }, signal);
  }

  /** Segments of `n` other tracks on the way from a row to another. @param {number} start @param {number} end @param {number} n */
  async path(start, end, n) {
    return this.#ahead("path", { start, end, n });
  }

  /** @param {string} way @param {Record<string, string | number | null>} query @param {AbortSignal} [signal] */
  async #ahead(way, query, signal) {
    const { network, layer, revision, filter, selection } = this;
    const path = address(["api", "listening", network, layer, way], { revision, filter, selection, ...query });
    /** @type {Ahead} */
    const { segments } = await json(path, signal);
    this.know([...segments]);
    return [...segments];
  }

  /** Where the segments of a track are, whether the network has tags or not. @param {number} track @param {AbortSignal} [signal] */
  async rows(track, signal) {
    /** @type {Rows} */
    const rows = await json(address(["api", "tracks", track, "rows", this.network]), signal);
    return rows;
  }

  /**
   * @param {number} track @param {AbortSignal} [signal]
   * @returns {Promise<Taggram | null>} null where no network has named the track
   */
  async taggram(track, signal) {
    if (!this.tagNetwork) return null;
    const known = this.#taggrams.get(track);
    if (known) return known;
    const path = address(["api", "tracks", track, "taggram", this.tagNetwork]);
    const taggram = await this.#taggramsUnderway.ask(track, (shared) => json(path, shared), signal);
    remember(this.#taggrams, track, taggram, REMEMBERED_TAGGRAMS);
    return taggram;
  }
}

/** @template K, V @param {Map<K, V>} memory @param {K} key @param {V} value @param {number} most */
function remember(memory, key, value, most) {
  memory.set(key, value);
  if (memory.size > most) memory.delete(/** @type {K} */ (memory.keys().next().value));
}
