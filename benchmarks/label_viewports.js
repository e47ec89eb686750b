// Labels of a map in a hundred random viewports, placed as the browser does: how many overlap, and how many are seen.

import { readFileSync } from "node:fs";
import { intervals, isSeen } from "../app/static/js/map/label-placement.js";

const FRAME = { width: 1280, height: 620 };
const SECOND_LEVEL = 1.4;
const N_VIEWPORTS = 100;

/** Numbers that look random and are the same every time (mulberry32). */
let seed = 1;
function random() {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
}

const { labels, extent } = JSON.parse(readFileSync(0, "utf8"));
const [x0, x1, y0, y1] = extent;
const unit = Math.min(FRAME.width / (x1 - x0), FRAME.height / (y1 - y0));
const found = intervals(labels, [unit, unit], SECOND_LEVEL, [FRAME.width, FRAME.height]);

let [overlaps, seen] = [0, 0];
for (let i = 0; i < N_VIEWPORTS; i++) {
  const zoom = 32 ** random();
  const [x, y] = [x0 + random() * (x1 - x0), y0 + random() * (y1 - y0)];
  const scale = unit * zoom;
  const boxes = labels
    .filter((_, at) => isSeen(found[at], zoom))
    .map((label) => ({
      left: (label.x - x) * scale + FRAME.width / 2 - label.width / 2,
      top: (y - label.y) * scale + FRAME.height / 2 - label.height / 2,
      ...label,
    }))
    .filter(({ left, top, width, height }) => left + width > 0 && left < FRAME.width && top + height > 0 && top < FRAME.height);
  seen += boxes.length;
  for (const [at, a] of boxes.entries())
    for (const b of boxes.slice(at + 1))
      if (a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height) overlaps++;
}
console.log(JSON.stringify({ overlaps, seen: seen / N_VIEWPORTS }));
