// Starts the map: reads the collection, and says what to do where there is nothing to show.

/** @import {Collection} from "../types/api" */

import { ApiError, json } from "../api/client.js";
import { byId } from "../lib/dom.js";
import { NoWebGl } from "../plot/point-map.js";
import { fromQuery } from "../state/address.js";
import { networks } from "../state/choices.js";
import { Notice } from "../ui/notice.js";
import { MapPage } from "./map-page.js";

const NO_FEATURES = { message: "Nothing has been extracted yet.", hint: "Run: flask sync" };
const NO_WEBGL = new ApiError(
  "no_webgl",
  "This browser offers no WebGL2, which draws the map.",
  "Switch on hardware acceleration, or use a current Firefox, Chrome or Safari.",
  0,
);
const NO_BOKEH = new ApiError(
  "no_bokeh",
  "BokehJS, which draws the axes, did not load.",
  "Load the page again; if it stays so, run: make setup",
  0,
);

const notice = new Notice(byId("notice"), byId("progress"));

async function start() {
  notice.loading("Reading the collection …");
  try {
    /** @type {Collection} */
    const collection = await json("/api/collection");
    if (!networks(collection).length) return notice.empty(collection.next_step ?? NO_FEATURES);
    if (!("Bokeh" in globalThis)) throw NO_BOKEH;
    await new MapPage(collection, fromQuery(location.search)).start();
  } catch (error) {
    if (error instanceof NoWebGl) notice.failing(NO_WEBGL, null);
    else notice.failing(error, () => location.reload());
  }
  return undefined;
}

start();
