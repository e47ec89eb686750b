// Views of the map that have a name: docs/api.md, "GET /api/views".

/** @import {NamedView, NamedViews} from "../types/api" */

import { change } from "./changes.js";
import { address, json } from "./client.js";

/** @param {AbortSignal} signal @returns {Promise<NamedView[]>} by name */
export async function savedViews(signal) {
  /** @type {NamedViews} */
  const { views } = await json("/api/views", signal);
  return views;
}

/** @param {string} name @param {string} query of its address, without the question mark @returns {Promise<NamedView>} */
export function saveView(name, query) {
  return change("POST", "/api/views", { name, query });
}

/** @param {number} id @param {string} name @returns {Promise<NamedView>} */
export function renameView(id, name) {
  return change("PATCH", address(["api", "views", id]), { name });
}

/** @param {number} id @returns {Promise<NamedViews>} those that are left */
export function deleteView(id) {
  return change("DELETE", address(["api", "views", id]));
}
