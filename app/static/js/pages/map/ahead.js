// What a map needs first is asked for before anything else runs; the page takes the answers when it is there.

import { askAhead } from "../../api/ahead.js";
import { pointsPath } from "../../api/points.js";
import { networks } from "../../state/choices.js";
import { fromQuery, settle } from "../../state/view-schema.js";

async function ask() {
  const answer = await askAhead("/api/collection");
  if (!answer.ok) return;
  const collection = await answer.json();
  if (!networks(collection).length) return;
  const { view } = settle(collection, fromQuery(location.search));
  await askAhead(pointsPath(view, null, true));
}

// the page has the same answers, and tells what failed
if (document.querySelector("main[data-page=map]")) ask().catch(() => {});
