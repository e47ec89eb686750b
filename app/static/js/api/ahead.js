// What is asked for before anybody waits for it: a page asks for its first answers while the rest of its scripts is on its way.

/** @type {Map<string, { answer: Promise<Response>, ending: AbortController }>} */
const underway = new Map();

/**
 * Ask for what will be needed.
 * @param {string} path
 * @returns {Promise<Response>} the answer, of which whoever takes it has a copy
 */
export function askAhead(path) {
  const ending = new AbortController();
  const answer = fetch(path, { signal: ending.signal, priority: "high" });
  underway.set(path, { answer, ending });
  return answer.then((response) => response.clone());
}

/**
 * An answer that was asked for ahead, which only the first who comes gets; undefined where none was.
 * @param {string} path @param {AbortSignal} [signal] ends it
 */
export function takeAhead(path, signal) {
  const errand = underway.get(path);
  if (!errand) return undefined;
  underway.delete(path);
  const end = () => errand.ending.abort();
  if (signal?.aborted) end();
  signal?.addEventListener("abort", end, { once: true });
  return errand.answer;
}

/** What nobody took is not waited for any more: later it would be old. */
export function forgetAhead() {
  for (const { ending } of underway.values()) ending.abort();
  underway.clear();
}
