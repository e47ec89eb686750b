// Elements of drawings, built like those of pages: a text stays a text.

import { harmless } from "./format.js";

const SVG = "http://www.w3.org/2000/svg";

/**
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag @param {Record<string, string | number>} [attributes] @param {...(Node | string)} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, harmless(String(value)));
  node.append(...children.map((child) => (typeof child === "string" ? harmless(child) : child)));
  return node;
}
