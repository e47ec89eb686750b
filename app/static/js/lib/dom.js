// Elements are built, never parsed: a text stays a text, whatever a file's tags hold.

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
    else if (value !== false && value != null) node.setAttribute(name, String(value));
  }
  node.append(...children);
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

/** Whether typing goes into this element, so that keys belong to it. @param {EventTarget | null} target */
export function takesText(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(input|select|textarea)$/i.test(target.tagName));
}
