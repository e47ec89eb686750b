// Links inside the application exchange the page's <main>, so that the player, which is outside, plays on.

/** @import {Dispose, Mount, PageContext} from "../types/page" */

import { ApiError, request } from "../api/client.js";
import { element, find } from "../lib/dom.js";
import { harmless } from "../lib/format.js";
import { Latest } from "../lib/timing.js";
import { Notice } from "./notice.js";
import { OwnAddress, pushStep } from "./own-address.js";

const NAME = "Tagscape";

/**
 * @typedef {object} Navigable
 * @property {Record<string, () => Promise<{ mount: Mount }>>} pages modules by the name in `data-page` of <main>
 * @property {Omit<PageContext, "address" | "setTitle" | "go" | "signal">} context
 * @property {HTMLElement} header its links name the views
 * @property {HTMLElement} progress
 * @property {HTMLElement} announcer a live region
 */

export class Navigation {
  #fetching = new Latest();
  /** @type {AbortController | null} of the page that is there */
  #ending = null;
  /** @type {Dispose | null} */
  #dispose = null;
  /** @type {OwnAddress | null} */
  #address = null;

  /** @param {Navigable} navigable */
  constructor({ pages, context, header, progress, announcer }) {
    this.pages = pages;
    this.context = context;
    this.header = header;
    this.progress = progress;
    this.announcer = announcer;
  }

  /** Mount the page that the server has rendered, and take over its links. */
  start() {
    document.addEventListener("click", (event) => this.#click(event));
    addEventListener("popstate", () => this.#popped());
    return this.#mount(find(document, "main"));
  }

  /** @param {string} href */
  go(href) {
    return this.#load(new URL(href, location.href), true);
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || !isOurs(event, link)) return;
    event.preventDefault();
    this.go(link.href);
  }

  /** Back or forward: a page answers for its own addresses. */
  #popped() {
    if (this.#address?.isPresent) return void this.#address.dispatchEvent(new Event("popped"));
    this.#leave();
    this.#load(new URL(location.href), false);
  }

  /** @param {URL} url @param {boolean} isStep whether it is a new step of the history */
  async #load(url, isStep) {
    this.progress.hidden = false;
    try {
      const page = await this.#fetching.run((signal) => read(url, signal));
      if (!page) return;
      if (!page.main || isOtherRelease(page)) return location.assign(url);
      this.#enter(url, isStep, page.main, page.title);
      await this.#mount(page.main);
    } catch (error) {
      this.#fail(error, url, isStep);
    }
    this.progress.hidden = true;
  }

  /** @param {URL} url @param {boolean} isStep @param {HTMLElement} main @param {string} title */
  #enter(url, isStep, main, title) {
    this.#leave();
    this.#address = null;
    if (isStep && url.href !== location.href) pushStep(url);
    find(document, "main").replaceWith(main);
    document.title = title;
    for (const link of this.header.querySelectorAll("nav a")) {
      if (/** @type {HTMLAnchorElement} */ (link).pathname === url.pathname) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    main.focus({ preventScroll: true });
    this.announcer.textContent = title;
  }

  /** The page that is there ends; the header leads back to what it showed last. */
  #leave() {
    const isPresent = this.#address?.isPresent;
    this.#dispose?.();
    this.#dispose = null;
    this.#ending?.abort();
    this.#ending = null;
    if (!isPresent) return;
    for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (this.header.querySelectorAll("nav a")))
      if (link.pathname === location.pathname) link.href = location.href;
  }

  /** @param {HTMLElement} main */
  async #mount(main) {
    const ending = new AbortController();
    this.#ending = ending;
    this.#address = new OwnAddress(ending.signal);
    const context = {
      ...this.context,
      address: this.#address,
      setTitle: (/** @type {string} */ title) => {
        document.title = `${harmless(title)} · ${NAME}`;
      },
      go: (/** @type {string} */ href) => void this.go(href),
      signal: ending.signal,
    };
    try {
      const { mount } = await this.pages[main.dataset.page ?? ""]();
      // another link may have been followed while the module was on its way
      if (!ending.signal.aborted) this.#dispose = mount(main, context);
    } catch (error) {
      this.#fail(error, new URL(location.href), false);
    }
  }

  /** Say in place of the page why it did not come. @param {unknown} error @param {URL} url @param {boolean} isStep */
  #fail(error, url, isStep) {
    const notice = element("div", { class: "notice" });
    const main = element("main", { class: "page", tabindex: -1 }, notice);
    new Notice(notice, this.progress).failing(error, () => this.#load(url, false));
    notice.append(element("a", { href: url.href, rel: "external" }, "Load it without what plays"));
    this.#enter(url, isStep, main, `Not loaded · ${NAME}`);
  }
}

/**
 * Whether a click follows a link of ours, here: not one into another window, to another place, or to a file.
 * @param {MouseEvent} event @param {HTMLAnchorElement} link
 */
function isOurs(event, link) {
  const isPlain =
    event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) && !event.defaultPrevented;
  const isHere = link.origin === location.origin && (!link.target || link.target === "_self");
  const isPage = !link.hasAttribute("download") && link.rel !== "external";
  const isWithin = link.hash !== "" && link.pathname === location.pathname && link.search === location.search;
  return isPlain && isHere && isPage && !isWithin;
}

/** @param {URL} url @param {AbortSignal} signal */
async function read(url, signal) {
  const response = await request(url.href, signal);
  if (!response.headers.get("Content-Type")?.startsWith("text/html")) return { main: null, title: "", script: "" };
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const main = page.querySelector("main");
  if (!main) throw new ApiError("no_page", "The server's answer is no page of Tagscape.", "", response.status);
  return { main: document.adoptNode(main), title: page.title, script: scriptOf(page) };
}

/** The server was renewed: its pages need its scripts, whose address names their content. @param {{ script: string }} page */
function isOtherRelease({ script }) {
  return script !== scriptOf(document);
}

/** @param {Document} page */
function scriptOf(page) {
  return page.querySelector("script[type=module]")?.getAttribute("src") ?? "";
}
