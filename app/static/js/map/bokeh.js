// Loading BokehJS and ending it again. It is a megabyte, so only a page with a figure loads it, once for all pages.

import { ApiError } from "../api/client.js";
import { element } from "../lib/dom.js";

/** @type {Promise<void> | null} */
let loading = null;
/** The last embedding under way: they take turns. @type {Promise<unknown>} */
let embedding = Promise.resolve();

/** Have `Bokeh` ready. @param {string} url of bokeh.min.js @throws {ApiError} */
export function loadBokeh(url) {
  loading ??= new Promise((resolve, reject) => {
    const script = element("script", { src: url, onload: () => resolve(), onerror: () => reject(failed(script)) });
    document.head.append(script);
  });
  return loading;
}

/**
 * Draw a document into an element, until `signal` is aborted.
 * @param {BokehDocument} figure @param {HTMLElement} host @param {AbortSignal} signal
 */
export function embed(figure, host, signal) {
  const mine = embedding.then(() => endingWith(signal, () => Bokeh.embed.add_document_standalone(figure, host)));
  embedding = mine.catch(() => {});
  return mine;
}

/**
 * Take a document away again. Its views hold canvases, observers and listeners; besides those of its roots there is one for
 * notifications, which is not removed with the roots. BokehJS also keeps every document in a list of its own and has no call to
 * take one out: left there, all models of the figure would stay for good.
 * @param {BokehDocument} figure
 */
export function end(figure) {
  figure.views_manager?.clear();
  figure.clear();
  const index = Bokeh.documents.indexOf(figure);
  if (index >= 0) Bokeh.documents.splice(index, 1);
}

/**
 * Each plot listens to the visual viewport with a function that it forgets, so nothing could take the listener away again, and
 * through it the window would hold every figure that was ever drawn. While a plot is built, its listeners get a signal.
 * @template T
 * @param {AbortSignal} signal @param {() => Promise<T>} build
 */
async function endingWith(signal, build) {
  const viewport = /** @type {VisualViewport} */ (window.visualViewport);
  const { addEventListener } = viewport;
  Object.assign(viewport, {
    addEventListener: (/** @type {string} */ name, /** @type {EventListener} */ listener) =>
      addEventListener.call(viewport, name, listener, { signal }),
  });
  try {
    return await build();
  } finally {
    // the method of the prototype shows again
    Reflect.deleteProperty(viewport, "addEventListener");
  }
}

/** A script that failed is forgotten, so that the next try asks again. @param {HTMLScriptElement} script */
function failed(script) {
  loading = null;
  script.remove();
  return new ApiError("no_bokeh", "BokehJS, which draws the axes, did not load.", "Try again; if it stays so, run: make setup", 0);
}
