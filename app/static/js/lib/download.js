// Giving a file to whoever sits before the page.

import { element } from "./dom.js";

/** @param {Blob} file @param {string} name */
export function download(file, name) {
  const href = URL.createObjectURL(file);
  // the browser has taken the address by the time that the click returns
  element("a", { href, download: name, rel: "external" }).click();
  URL.revokeObjectURL(href);
}
