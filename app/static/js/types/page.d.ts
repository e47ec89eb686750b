// What the shell and a page know of each other.

import type { NowPlaying } from "../player/now-playing.js";
import type { WhatNext } from "../player/what-next.js";
import type { Keys } from "../ui/keys.js";
import type { Toast } from "../ui/toast.js";

/**
 * Fill `host`, the page's <main>, and give what ends it again. Everything that a page starts ends with `dispose`: listeners outside
 * its host, timers, requests, workers, graphics contexts. It looks for elements only inside its host.
 */
export type Mount = (host: HTMLElement, context: PageContext) => Dispose;

export type Dispose = () => void;

export interface PageContext {
  /** What plays, on every page. */
  now: NowPlaying;
  /** What happens at the end of a track, and the queue. */
  next: WhatNext;
  /** Short messages in the corner. */
  toast: Toast;
  /** Keys that work while the page is there. */
  keys: Keys;
  address: PageAddress;
  /** The page's title, in front of the application's name. */
  setTitle(title: string): void;
  /** Go to another address as a link does. */
  go(href: string): void;
  /** Where bokeh.min.js is, for pages with a figure. */
  bokeh: string;
  /** Aborted when the page is disposed. */
  signal: AbortSignal;
}

/**
 * The page's own part of the browser's address and history. Dispatches `popped` when back or forward lead to another address of
 * this page. Once the address is another page's, writing does nothing.
 */
export interface PageAddress extends EventTarget {
  /** With its question mark, or empty. */
  readonly query: string;
  /** A step to come back to. */
  push(query: string): void;
  replace(query: string): void;
  /** Back or forward have led to another step, and the page has neither written nor kept it yet. */
  readonly isMoved: boolean;
  /** Stay at the present step, as it is. */
  keep(): void;
  /** Return to the step that was written or kept last. */
  undo(): void;
}
