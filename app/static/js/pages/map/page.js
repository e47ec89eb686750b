// The page of the map: reads the collection, and says what to do where there is nothing to show.

/** @import {Collection} from "../../types/api" */
/** @import {Mount} from "../../types/page" */

import { forgetAhead } from "../../api/ahead.js";
import { ApiError, json } from "../../api/client.js";
import { find } from "../../lib/dom.js";
import { loadBokeh } from "../../map/bokeh.js";
import { NoWebGl } from "../../map/point-map.js";
import { networks } from "../../state/choices.js";
import { Notice } from "../../ui/notice.js";
import { NO_FEATURES } from "./drawing.js";
import { MapPage } from "./map-page.js";

const NO_WEBGL = new ApiError(
  "no_webgl",
  "This browser offers no WebGL2, which draws the map.",
  "Switch on hardware acceleration, or use a current Firefox, Chrome or Safari.",
  0,
);

/** @type {Mount} */
export function mount(host, context) {
  const { signal } = context;
  const notice = new Notice(find(host, ".notice"), find(host, ".progress"));
  /** @type {MapPage | null} */
  let page = null;

  async function start() {
    notice.loading("Reading the collection …");
    page?.dispose();
    page = null;
    try {
      /** @type {[Collection, void]} */
      const [collection] = await Promise.all([json("/api/collection", signal), loadBokeh(context.bokeh)]);
      if (signal.aborted) return;
      if (!networks(collection).length) return notice.empty(collection.next_step ?? NO_FEATURES);
      page = new MapPage(host, context, collection, notice);
      await page.start();
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof NoWebGl) notice.failing(NO_WEBGL, null);
      else notice.failing(error, start);
    }
  }

  start().then(forgetAhead);
  return () => page?.dispose();
}
