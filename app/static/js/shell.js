// What stays while pages come and go: the header, the player, keys and messages.

// first of all, since answers take their time
import "./pages/map/ahead.js";

import { find } from "./lib/dom.js";
import { isolated } from "./lib/format.js";
import { playerKeys } from "./player/keys.js";
import { tellSystem } from "./player/media-session.js";
import { NowPlaying } from "./player/now-playing.js";
import { Player } from "./player/player.js";
import { PlayerBar } from "./player/player-bar.js";
import { Picking } from "./player/picking.js";
import { QueuePanel } from "./player/queue-panel.js";
import { WhatNext } from "./player/what-next.js";
import { Keys } from "./ui/keys.js";
import { Navigation } from "./ui/navigation.js";
import { Toast } from "./ui/toast.js";

const PAGES = {
  map: () => import("./pages/map/page.js"),
  collection: () => import("./pages/collection/page.js"),
};

const footer = find(document, ".player");
const player = new Player(find(footer, ".sounding"));
const now = new NowPlaying(player);
const toast = new Toast(find(document, ".toast"));
const keys = new Keys(find(document, ".help"));
const next = new WhatNext(now);
const queue = new QueuePanel(footer, next, toast);
new Picking(footer, now, next, { toast, keys });
keys.add(playerKeys(now, next, queue));
new PlayerBar(footer, now, next);
tellSystem(now, next, navigator.mediaSession);

// told when all have heard it: a page may mend it, or tell it where it happens
now.addEventListener("failed", (event) =>
  queueMicrotask(() => event.defaultPrevented || toast.tell(/** @type {CustomEvent} */ (event).detail)),
);
player.addEventListener("inexact", () => {
  const title = isolated(now.segment?.track.title ?? "");
  toast.say(`The file of “${title}” does not lead to the right place: a decoded copy plays instead, which may take a moment.`);
});
player.addEventListener("failed", () => {
  const title = isolated(now.segment?.track.title ?? "");
  toast.say(`The sound of “${title}” cannot be played: its file is missing, damaged or of a kind this browser does not know.`);
});

new Navigation({
  pages: PAGES,
  context: { now, next, toast, keys, bokeh: document.body.dataset.bokeh ?? "" },
  header: find(document, ".top"),
  progress: find(document, ".top .progress"),
  announcer: find(document, ".announcer"),
}).start();
