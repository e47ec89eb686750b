// What is in the player: a segment, its track's taggram, and the way to the next one. While it plays on, the segment under the play
// head is the present one.

/** @import {Segment, Taggram, TagValue} from "../types/api" */
/** @import {SoundMode} from "../state/view-schema.js" */
/** @import {Player} from "./player.js" */

import { ApiError } from "../api/client.js";
import { Segments } from "../api/segments.js";
import { Latest } from "../lib/timing.js";

const TOP_TAGS = 5;
/** The last look at the play head is some milliseconds old. */
const CLOSE_S = 1e-6;

/**
 * Dispatches `change` when another segment or its taggram is there, `sound` when sound plays another way, `offer` when there is
 * something else to begin with, `filter` when other segments may come next by now, and `failed` with an ApiError.
 */
export class NowPlaying extends EventTarget {
  /** @type {Segment | null} */
  segment = null;
  /** @type {Taggram | null} */
  taggram = null;
  /** Of the network in use. @type {Segments | null} */
  #segments = null;
  /** Where the segment was found; its rows are rows of these. @type {Segments | null} */
  #home = null;
  /** Rows that there are, in any order: all of the network's, or a sample. @type {Uint32Array} */
  #rows = new Uint32Array();
  /** @type {string | null} */
  #within = null;
  #errand = new Latest();
  /** Pausing ends a turn: what was about to play by then does not. */
  #turn = 0;
  #follower = 0;
  /** @type {SoundMode | null} null until it is chosen, in the address or by hand */
  #sound = null;
  /** @type {(() => void) | null} */
  #offer = null;

  /** @param {Player} player */
  constructor(player) {
    super();
    this.player = player;
    player.addEventListener("state", () => this.#follow());
  }

  /**
   * Rows belong to a network and a revision: what is in the player is found there again by its track.
   * @param {{ name: string, hop_s: number }} network @param {number} revision
   * @param {string | null} tagNetwork whose taggrams are shown
   * @param {Uint32Array} rows that there are, in any order: all of the network's, or a sample
   * @param {{ layer?: string, filter?: string | null }} kept whose space says what is alike, and what may come next
   * @returns {Segments}
   */
  use({ name, hop_s }, revision, tagNetwork, rows, { layer = "embeddings", filter = null } = {}) {
    this.#rows = rows;
    const present = this.#segments;
    const isSame = present?.network === name && present.revision === revision;
    const segments = isSame ? present : new Segments(name, revision, tagNetwork, hop_s);
    // a filter may say something else of another network
    const isOther = filter !== (present?.filter ?? null) || (filter !== null && present?.network !== name);
    Object.assign(segments, { layer, filter, selection: this.#within });
    this.#segments = segments;
    if (isOther) this.dispatchEvent(new Event("filter"));
    if (isSame) return segments;
    const { segment } = this;
    if (present && segment) {
      this.dispatchEvent(new Event("change"));
      this.restore(segment.track.id, Math.floor(segment.start_s / hop_s + CLOSE_S));
    }
    return segments;
  }

  /** The segment's row in the network in use; null as long as the segment has not been found there. */
  get row() {
    return this.segment && this.#home === this.#segments ? this.segment.row : null;
  }

  /** The selection that wandering keeps to, or null. */
  get within() {
    return this.#within;
  }

  set within(selection) {
    if (selection === this.#within) return;
    this.#within = selection;
    if (this.#segments) this.#segments.selection = selection;
    this.dispatchEvent(new Event("filter"));
  }

  /** What the rows of the network in use are rows of. */
  get home() {
    return this.#segments;
  }

  /** How sound plays; null as long as nobody has chosen. */
  get sound() {
    return this.#sound;
  }

  set sound(mode) {
    if (mode === this.#sound) return;
    this.#sound = mode;
    if (mode === "off") this.pause();
    // what plays is not begun again: it ends elsewhere
    else if (this.segment?.track.audio) this.player.become(this.#piece(this.segment));
    this.#follow();
    this.dispatchEvent(new Event("sound"));
  }

  /** Whether what plays goes on to the end of its track. */
  get playsOn() {
    return this.#sound !== "segment";
  }

  /** What to begin with while nothing is in the player. @param {() => void} action @param {AbortSignal} signal takes it back */
  offer(action, signal) {
    this.#setOffer(action);
    signal.addEventListener("abort", () => this.#setOffer(null), { once: true });
  }

  get hasOffer() {
    return Boolean(this.#offer);
  }

  /** What is in the player; with nothing in it, what is offered. */
  playOrPause() {
    if (this.player.busy) this.pause();
    else if (this.segment) this.player.toggle();
    else this.#offer?.();
  }

  /** Pause; what is about to play is shown, and stays silent. */
  pause() {
    this.#turn++;
    this.player.pause();
  }

  /** Show a row without playing it, ready to start; what plays goes on. @param {number} row */
  show(row) {
    return this.#open(row, (segment) => this.#put(segment));
  }

  /** Load what makes a segment start without delay, if it has sound. @param {Segment} segment */
  prime(segment) {
    if (segment.track.audio) this.player.prime(this.#piece(segment));
  }

  /** Play from this row's segment on, or only that, as the sound mode says. @param {number} row @param {number} [turn] */
  play(row, turn = this.#turn) {
    return this.#open(row, (segment) => {
      if (turn === this.#turn) this.player.play(this.#piece(segment));
      else this.#put(segment);
    });
  }

  /** Play a segment; its row may be of another network. @param {Segment} segment @param {Segments} home */
  async playSegment(segment, home) {
    if (home === this.#segments) return this.play(segment.row);
    const { hop_s } = this.#segments ?? home;
    const turn = this.#turn;
    const rows = await this.#ask((segments, signal) => segments.rows(segment.track.id, signal));
    if (rows) await this.play(rows.first_row + indexAt(segment.start_s, hop_s, rows.n_segments), turn);
  }

  /** What has begun to play by itself is present. @param {Segment} segment @param {Segments} home */
  adopt(segment, home) {
    if (segment.track.id !== this.segment?.track.id || home !== this.#home) this.taggram = null;
    this.segment = segment;
    this.#home = home;
    this.#follow();
    this.dispatchEvent(new Event("change"));
    const here = this.#segments;
    if (here && here !== home) this.restore(segment.track.id, Math.floor(segment.start_s / here.hop_s + CLOSE_S));
    else if (!this.taggram) this.#openTaggram(segment);
  }

  /** Play from a segment of the present track. @param {number} index */
  playFrom(index) {
    if (!this.segment || this.row === null) return undefined;
    return this.play(this.segment.first_row + index);
  }

  /** Go to a moment of the present track. @param {number} time_s */
  seek(time_s) {
    if (!this.segment || !this.#home) return undefined;
    return this.playFrom(indexAt(time_s, this.#home.hop_s, this.segment.n_segments));
  }

  /** The next (1) or previous (-1) segment of the track. @param {1 | -1} step */
  step(step) {
    const { segment, row } = this;
    const index = (segment?.index ?? 0) + step;
    if (!segment || row === null || index < 0 || index >= segment.n_segments) return undefined;
    return this.play(segment.first_row + index);
  }

  /** The next (1) or previous (-1) track, from its first segment. @param {1 | -1} step */
  async stepTrack(step) {
    const { segment } = this;
    if (!segment || this.row === null) return;
    const { first_row, n_segments } = segment;
    const row = step === 1 ? lowest(this.#rows, first_row + n_segments) : highest(this.#rows, first_row - 1);
    if (row === null) return;
    const turn = this.#turn;
    const found = await this.#ask((segments, signal) => segments.one(row, signal));
    if (found) await this.play(found.first_row, turn);
  }

  /** Find a segment by its track and index. @param {number} track @param {number} index */
  async restore(track, index) {
    const rows = await this.#ask((segments, signal) => segments.rows(track, signal));
    if (rows && index < rows.n_segments) await this.show(rows.first_row + index);
  }

  /** The tags of a segment of the present track with the highest activations. @param {number} index @returns {TagValue[]} */
  topTags(index) {
    const { taggram, segment } = this;
    const values = taggram?.values[index];
    if (!taggram || !values) return segment?.index === index ? segment.tags : [];
    const all = taggram.labels.map((label, i) => ({ label, value: values[i] }));
    return all.sort((a, b) => b.value - a.value).slice(0, TOP_TAGS);
  }

  /** @param {(() => void) | null} action */
  #setOffer(action) {
    this.#offer = action;
    this.dispatchEvent(new Event("offer"));
  }

  /** @param {number} row @param {(segment: Segment) => void} then */
  async #open(row, then) {
    const segments = this.#segments;
    const segment = await this.#ask((segments, signal) => segments.one(row, signal));
    if (!segment) return;
    if (segment.track.id !== this.segment?.track.id || segments !== this.#home) this.taggram = null;
    this.segment = segment;
    this.#home = segments;
    this.dispatchEvent(new Event("change"));
    if (segment.track.audio) then(segment);
    else this.player.stop();
    if (!this.taggram) await this.#openTaggram(segment);
  }

  /** @param {Segment} segment */
  async #openTaggram({ track, n_segments }) {
    const taggram = await this.#ask((segments, signal) => segments.taggram(track.id, signal));
    if (taggram?.values.length !== n_segments || this.segment?.track.id !== track.id) return;
    this.taggram = taggram;
    this.dispatchEvent(new Event("change"));
  }

  /** @template T @param {(segments: Segments, signal: AbortSignal) => Promise<T>} errand */
  async #ask(errand) {
    const segments = this.#segments;
    if (!segments) return undefined;
    try {
      return await this.#errand.run((signal) => errand(segments, signal));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.dispatchEvent(new CustomEvent("failed", { detail: error, cancelable: true }));
      return undefined;
    }
  }

  /** While the player goes on, the segment under the play head is the present one. */
  #follow() {
    cancelAnimationFrame(this.#follower);
    if (!this.playsOn || this.player.state !== "playing") return;
    const look = () => {
      this.#moveOn();
      this.#follower = requestAnimationFrame(look);
    };
    look();
  }

  /** To the segment under the play head, in the network where the present one was found: it may be found in another meanwhile. */
  #moveOn() {
    const { segment } = this;
    // another one may be shown while the one before plays on
    if (!segment || !this.#home || this.player.piece?.url !== segment.track.audio) return;
    const { hop_s } = this.#home;
    const length_s = segment.end_s - segment.start_s;
    const index = indexAt(this.player.time_s, hop_s, segment.n_segments);
    if (index === segment.index) return;
    const start_s = index * hop_s;
    const row = segment.first_row + index;
    this.segment = { ...segment, index, row, start_s, end_s: start_s + length_s, tags: this.topTags(index) };
    this.dispatchEvent(new Event("change"));
  }

  /** Ready to start; what plays goes on. @param {Segment} segment */
  #put(segment) {
    if (!this.player.busy) this.player.load(this.#piece(segment));
  }

  /** @param {Segment} segment */
  #piece(segment) {
    return { url: /** @type {string} */ (segment.track.audio), start_s: segment.start_s, end_s: this.#end(segment) };
  }

  /** @param {Segment} segment */
  #end({ end_s }) {
    return this.playsOn ? Infinity : end_s;
  }
}

/** @param {number} time_s @param {number} hop_s @param {number} n_segments */
function indexAt(time_s, hop_s, n_segments) {
  return Math.min(Math.max(Math.floor(time_s / hop_s + CLOSE_S), 0), n_segments - 1);
}

/**
 * The lowest row from `row` on, or null. Rows of tracks that are gone are gone: the next one need not follow.
 * @param {Uint32Array} rows @param {number} row
 */
function lowest(rows, row) {
  let best = Infinity;
  for (const each of rows) if (each >= row && each < best) best = each;
  return best === Infinity ? null : best;
}

/** The highest row up to `row`, or null. @param {Uint32Array} rows @param {number} row */
function highest(rows, row) {
  let best = -1;
  for (const each of rows) if (each <= row && each > best) best = each;
  return best < 0 ? null : best;
}
