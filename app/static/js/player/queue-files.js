// The queue as a file: M3U for players, JSON with the places in the tracks for programs.

/** @import {Entry} from "./queue.js" */
/** @import {WhatNext} from "./what-next.js" */

import { download } from "../lib/download.js";
import { harmless } from "../lib/format.js";

const TYPES = { m3u8: "audio/x-mpegurl", json: "application/json" };

/** Addresses of this server: other players ask it for the sound. @param {readonly Entry[]} entries @param {string} origin */
export function m3u(entries, origin) {
  const lines = entries.flatMap(({ segment: { track } }) => [
    `#EXTINF:${Math.round(track.duration_s ?? -1)},${oneLine(track.artist ?? "unknown artist")} - ${oneLine(track.title)}`,
    `${origin}${track.audio}`,
  ]);
  return `${["#EXTM3U", ...lines].join("\n")}\n`;
}

/** @param {readonly Entry[]} entries */
export function asJson(entries) {
  const found = entries.map(({ segment: { track, row, start_s, end_s }, home, isAutomatic }) => ({
    track: track.id,
    title: track.title,
    artist: track.artist,
    network: home.network,
    row,
    start_s,
    end_s,
    automatic: isAutomatic,
  }));
  return `${JSON.stringify({ queue: found }, null, 2)}\n`;
}

/** @param {WhatNext} next @param {"m3u8" | "json"} kind */
export function save({ queue }, kind) {
  const text = kind === "json" ? asJson(queue.entries) : m3u(queue.entries, location.origin);
  download(new Blob([text], { type: TYPES[kind] }), `queue.${kind}`);
}

/** @param {string} text */
function oneLine(text) {
  return harmless(text).replace(/\s+/g, " ");
}
