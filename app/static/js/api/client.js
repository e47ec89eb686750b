// Asking the server, with one kind of error.

import { takeAhead } from "./ahead.js";

/** What failed and the next step, in the words of the server. */
export class ApiError extends Error {
  /** @param {string} code @param {string} message @param {string} hint @param {number} status */
  constructor(code, message, hint, status) {
    super(message);
    this.code = code;
    this.hint = hint;
    this.status = status;
  }
}

/**
 * @param {string} path @param {AbortSignal} [signal]
 * @returns {Promise<Response>} an answer with a good status
 * @throws {ApiError}
 */
export async function request(path, signal) {
  let response;
  try {
    response = await (takeAhead(path, signal) ?? fetch(path, { signal }));
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError("offline", "The server does not answer.", "Is it running? Start it with: flask run", 0);
  }
  if (response.ok) return response;
  throw await failure(response);
}

/**
 * What an answer holds.
 * @template T
 * @param {Promise<T>} reading of its body @param {AbortSignal} [signal] of the request
 * @returns {Promise<T>}
 * @throws {ApiError} where it breaks off, or is of another kind
 */
export async function readBody(reading, signal) {
  try {
    return await reading;
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError("broken_answer", "The server's answer is broken.", "Its log may say more.", 0);
  }
}

/**
 * @template T
 * @param {string} path @param {AbortSignal} [signal]
 * @returns {Promise<T>}
 */
export async function json(path, signal) {
  return readBody((await request(path, signal)).json(), signal);
}

/**
 * A path of escaped parts and a query without the parameters that are null.
 * @param {(string | number)[]} parts @param {Record<string, string | number | null>} [query]
 */
export function address(parts, query = {}) {
  const path = `/${parts.map((part) => encodeURIComponent(part)).join("/")}`;
  const given = Object.entries(query).filter(([, value]) => value !== null);
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  return given.length ? `${path}?${search}` : path;
}

/** What a bad status says. @param {Response} response */
export async function failure(response) {
  const body = await response.json().catch(() => null);
  const { code, message, hint } = body?.error ?? {};
  if (typeof message === "string") return new ApiError(String(code), message, String(hint ?? ""), response.status);
  return new ApiError(
    "http",
    `The server answered ${response.status} ${response.statusText}.`,
    "Its log says more.",
    response.status,
  );
}
