// Requests that change something on the server.

import { ApiError, failure, readBody } from "./client.js";

/**
 * @template T
 * @param {"POST" | "PATCH" | "DELETE"} method @param {string} path @param {object} [body] sent as JSON
 * @returns {Promise<T>} what is answered
 * @throws {ApiError}
 */
export async function change(method, path, body) {
  let response;
  try {
    const headers = { "Content-Type": "application/json" };
    response = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  } catch {
    throw new ApiError("offline", "The server does not answer.", "Is it running? Start it with: flask run", 0);
  }
  if (!response.ok) throw await failure(response);
  return readBody(response.json());
}
