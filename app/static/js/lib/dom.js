// Elements are built, never parsed: a text stays a text, and harms no other, whatever a file's tags hold.

import { harmless } from "./format.js";

/** @typedef {string | number | boolean | null | undefined | ((event: any) => void)} Attribute */

/**
 * Make an element. A function under `on…` listens; true, false and null set or leave out an attribute.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, Attribute>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, harmless(String(value)));
  }
  node.append(...children.map((child) => (typeof child === "string" ? harmless(child) : child)));
  return node;
}

/**
 * The first element inside `host` that a selector names. Pages look nowhere else, so that two can stand side by side.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {ParentNode} host
 * @param {string} selector
 * @returns {T}
 */
export function find(host, selector) {
  const node = host.querySelector(selector);
  if (!node) throw new Error(`The page has no element ${selector}`);
  return /** @type {T} */ (node);
}

const WITHOUT_TEXT = "input:is([type=range], [type=radio], [type=checkbox], [type=button])";

/** Whether typing goes into this element, so that keys belong to it. @param {EventTarget | null} target */
export function takesText(target) {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || (target.matches("input, select, textarea") && !target.matches(WITHOUT_TEXT));
}

/** Whether it is worked by some keys, and takes no text. @param {EventTarget | null} target @returns {target is HTMLElement} */
export function isControl(target) {
  return target instanceof HTMLElement && Boolean(target.closest(`button, a, summary, ${WITHOUT_TEXT}`));
}
