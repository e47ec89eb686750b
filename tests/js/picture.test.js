import assert from "node:assert/strict";
import { test } from "node:test";

import { captionFacts } from "../../app/static/js/picture/caption-facts.js";
import { fileName } from "../../app/static/js/picture/file-name.js";
import { apart, LEGEND_WIDTH } from "../../app/static/js/picture/legend-block.js";
import { layout } from "../../app/static/js/picture/layout.js";
import { svgFile } from "../../app/static/js/picture/svg-file.js";
import { cut, wrapped } from "../../app/static/js/picture/text.js";
import { all, parsed } from "./xml.js";

/** Every letter is half as wide as high. */
const measure = (text, { size }) => [...text].length * size * 0.5;
const STYLE = { size: 10 };
const HOSTILE = [
  "<script>alert(1)</script>",
  `"'><img src=x onerror='harm()'>`,
  "a & b &amp; c ]]> <!-- --> <![CDATA[",
  "\0\x01\x08\x0b\x1f\x7f\u2028 \ufffe\uffff \ud800 \udc00x",
  "\u202eevil\u202c \u2066 left open",
  "שלום & مرحبا",
];
const COLOURS = {
  page: "#fff",
  raised: "#fff",
  text: "#111",
  quiet: "#555",
  line: "#eee",
  lineStrong: "#ccc",
  playing: "#d1345b",
};
const WORDS = Array.from({ length: 13 }, (_, i) => ({ label: `word ${i}`, colour: "rgb(1 2 3)", count: "1 234", isKept: i !== 2 }));
const RAMP = {
  colours: ["rgb(0 0 0)", "rgb(255 255 255)"],
  marks: [0.5, 0.9, 0.99, 1].map((at, i) => ({ at, name: `p${i}`, text: `0.${i}` })),
  all: [1, 2, 3],
  seen: [0, 1, 0],
  low: 0.25,
  high: 1,
};
const legend = (more = {}) => ({ title: "top tag", about: "", words: WORDS, ramp: null, notes: [], without: null, ...more });
const facts = (more = {}) => ({
  map: { frame: { width: 1280, height: 600 }, axes: null, labels: [], drawings: [], ring: null, isFree: () => true, ...more.map },
  legend: more.legend === undefined ? legend() : more.legend,
  caption: { title: "A map", lines: ["12 segments."], source: "Tagscape, 1 May 2026", ...more.caption },
  colours: COLOURS,
});
const AXES = {
  x: {
    name: "PCA 1 (18 %)",
    ticks: [
      { at: 0, text: "−5" },
      { at: 320, text: "0" },
    ],
  },
  y: { name: "PCA 2 (9 %)", ticks: [{ at: 300, text: "−1.5" }] },
};
const group = (arranged, name) => arranged.items.find((item) => item.kind === "group" && item.name === name);
const POINTS = { sheets: [] };

/** Everything that has a place, in the picture's own pixels, with the room that it takes. */
function* placed(items, x0 = 0, y0 = 0) {
  for (const item of items) {
    if (item.kind === "group") yield* placed(item.items, x0 + item.x, y0 + item.y);
    else if (item.kind === "text") {
      const long = measure(item.text, item);
      const left = item.align === "end" ? long : item.align === "middle" ? long / 2 : 0;
      const box = item.isTurned
        ? { left: item.x - item.size, right: item.x, top: item.y - left, bottom: item.y + long - left }
        : { left: item.x - left, right: item.x - left + long, top: item.y - item.size, bottom: item.y };
      yield { item, left: x0 + box.left, right: x0 + box.right, top: y0 + box.top, bottom: y0 + box.bottom };
    } else if ("width" in item)
      yield { item, left: x0 + item.x, right: x0 + item.x + item.width, top: y0 + item.y, bottom: y0 + item.y + item.height };
  }
}

test("a text that is too long ends with an ellipsis, and a short one stays", () => {
  assert.equal(cut("short", 50, STYLE, measure), "short");
  assert.equal(cut("rather long text", 50, STYLE, measure), "rather lo…");
  assert.equal(cut("😀😀😀😀", 15, STYLE, measure), "😀😀…", "no half of a letter");
});

test("lines hold whole words; a word longer than a line is broken, and what is too much is left out", () => {
  assert.deepEqual(wrapped("one two three", 40, STYLE, measure, 5), ["one two", "three"]);
  assert.deepEqual(wrapped("abcdefghijkl", 25, STYLE, measure, 5), ["abcde", "fghij", "kl"]);
  assert.deepEqual(wrapped("one two three four", 25, STYLE, measure, 2), ["one", "two…"]);
  assert.deepEqual(wrapped("", 25, STYLE, measure, 2), []);
  const lines = wrapped("x".repeat(10_000), 500, STYLE, measure, 6);
  assert.equal(lines.length, 6);
  assert.ok(lines.every((line) => measure(line, STYLE) <= 500));
});

test("numbers under the ramp keep apart, in their order, and stay inside", () => {
  for (const places of [[100, 180, 198, 200], [0, 1, 2, 3], [200, 200, 200, 200, 200], [50]]) {
    const moved = apart(places, 200);
    const step = Math.min(46, 200 / places.length);
    assert.ok(moved[0] >= step / 2 - 1e-9 && moved.at(-1) <= 200 - step / 2 + 1e-9);
    for (let i = 1; i < moved.length; i++) assert.ok(moved[i] - moved[i - 1] >= step - 1e-9);
  }
  assert.equal(apart([100, 180], 200)[0], 100, "where there is room it stands under its mark");
});

test("everything lies inside the picture: wide and narrow, with axes and without, with words, ramp or no legend", () => {
  for (const width of [320, 640, 1280, 3840])
    for (const axes of [null, AXES])
      for (const shown of [legend(), legend({ words: [], ramp: RAMP, about: "activation", notes: ["Weak ".repeat(30)] }), null])
        for (const isFree of [() => true, () => false]) {
          const map = { frame: { width, height: 500 }, axes, isFree };
          const long = { title: "Long words ".repeat(20), lines: ["y".repeat(9000), HOSTILE.join(" ")] };
          const arranged = layout(facts({ map, legend: shown, caption: long }), measure);
          assert.ok(Number.isInteger(arranged.width) && Number.isInteger(arranged.height));
          for (const { item, left, right, top, bottom } of placed(arranged.items)) {
            const where = `${width} ${JSON.stringify(item)}`;
            assert.ok(left >= 0 && top >= 0, where);
            assert.ok(right <= arranged.width && bottom <= arranged.height, where);
          }
        }
});

test("the legend lies in the first corner where it covers no point and no word, else beside the map, or below a narrow one", () => {
  const at = (map) => {
    const arranged = layout(facts({ map }), measure);
    const { x, y } = group(arranged, "legend");
    const frame = group(arranged, "map");
    return { across: x - frame.x, down: y - frame.y, arranged };
  };
  const first = at({});
  assert.deepEqual([first.across, first.down], [12, 12]);
  const second = at({ isFree: ({ x }) => x > 600 });
  assert.equal(second.across, 1280 - LEGEND_WIDTH - 12);
  const word = { text: "rock", x: 100, y: 60, width: 40, size: 17 };
  assert.equal(at({ labels: [word] }).across, second.across, "a word is in the way");
  const beside = at({ isFree: () => false });
  assert.ok(beside.across >= 1280);
  assert.equal(beside.arranged.width, first.arranged.width + 16 + LEGEND_WIDTH);
  const below = at({ frame: { width: 390, height: 400 } });
  assert.ok(below.down >= 400);
  assert.equal(below.arranged.width, 390 + 48);
  assert.ok(below.arranged.height > 400 + 7 * 21, "in two columns");
});

test("a map has its frame's size, its ticks where the figure has them, and a lying and a turned name", () => {
  const arranged = layout(facts({ map: { axes: AXES } }), measure);
  const map = group(arranged, "map");
  assert.deepEqual(map.clip, { width: 1280, height: 600 });
  const { items } = group(arranged, "axes");
  const texts = items.filter(({ kind }) => kind === "text");
  const named = Object.fromEntries(texts.map((item) => [item.text, item]));
  assert.equal(named["0"].x, map.x + 320);
  assert.equal(named["−5"].x, map.x);
  assert.ok(named["−1.5"].x < map.x && named["−1.5"].align === "end");
  assert.equal(named["PCA 1 (18 %)"].x, map.x + 640);
  assert.ok(named["PCA 2 (9 %)"].isTurned);
});

test("a file is well-formed XML whatever texts are in it, and says them as texts", () => {
  for (const text of HOSTILE) {
    const axis = { name: text, ticks: [{ at: 0, text }] };
    const label = { text, x: 400, y: 300, width: 80, size: 17 };
    const words = [{ label: text, colour: "rgb(1 2 3)", count: "1", isKept: false }];
    const map = { axes: { x: axis, y: axis }, labels: [label], ring: { x: 9, y: 9 } };
    const more = { title: text, about: text, words, notes: [text], without: { text, colour: "red" } };
    for (const shown of [legend(more), legend({ ...more, words: [], ramp: RAMP })]) {
      const said = facts({ map, legend: shown, caption: { title: text, lines: [text], source: text } });
      const root = parsed(svgFile(layout(said, measure), POINTS));
      assert.deepEqual(
        new Set([...all(root, "g"), ...all(root, "svg")].flatMap(({ attributes }) => Object.keys(attributes))).has("onerror"),
        false,
      );
      assert.equal(all(root, "script").length + all(root, "img").length, 0);
    }
  }
  const shown = facts({ caption: { title: "<b>R&B</b>" } });
  const root = parsed(svgFile(layout(shown, measure), POINTS));
  assert.equal(all(root, "title")[0].text, "<b>R&B</b>");
  assert.ok(all(root, "text").some(({ text }) => text === "<b>R&B</b>"));
});

test("words of the map are as long as their labels, and as pale", () => {
  const place = { x: 400, y: 300, width: 80, size: 20 };
  const labels = [
    { ...place, text: "electronic, dance" },
    { ...place, text: "rock", opacity: 0.4 },
  ];
  const root = parsed(svgFile(layout(facts({ map: { labels } }), measure), POINTS));
  const [words] = all(root, "g").filter(({ attributes }) => attributes.class === "labels");
  assert.deepEqual(
    words.inside.map(({ text, attributes }) => [text, attributes.opacity]),
    [
      ["electro…", undefined],
      ["rock", "0.4"],
    ],
  );
});

test("points are circles from the bottom up in their colours, or one picture", () => {
  const disc = (x, fill, opacity) => ({ x, y: 1, r: 2.5, fill, opacity });
  const parts = [
    { name: "ground", discs: [disc(0, "rgb(9,9,9)", 0.25)], lines: [] },
    {
      name: "lines",
      discs: [],
      lines: [{ kind: "path", d: "M0 0L1 1", stroke: "rgb(0,0,0)", strokeOpacity: 0.3, strokeWidth: 1 }],
    },
    { name: "points", discs: [disc(1, "rgb(1,1,1)", 1), disc(2, "rgb(1,1,1)", 1), disc(3, "rgb(2,2,2)", 0.5)], lines: [] },
  ];
  const root = parsed(svgFile(layout(facts({ legend: null }), measure), { sheets: [{ opacity: 0.2, parts }] }));
  const [map] = all(root, "g").filter(({ attributes }) => attributes.class === "map");
  const [points] = all(map, "g").filter(({ attributes }) => attributes.class === "points");
  assert.deepEqual(
    all(points, "circle").map(({ attributes: { cx, r } }) => [cx, r]),
    [
      ["1", "2.5"],
      ["2", "2.5"],
      ["3", "2.5"],
    ],
  );
  assert.deepEqual(
    points.inside.map(({ attributes }) => attributes),
    [{ fill: "rgb(1,1,1)" }, { fill: "rgb(2,2,2)", "fill-opacity": "0.5" }],
    "those that follow each other share a colour",
  );
  const picture = parsed(svgFile(layout(facts(), measure), { href: "data:image/png;base64,AA==" }));
  const [image] = all(picture, "image");
  assert.deepEqual([image.attributes.width, image.attributes.height], ["1280", "600"]);
  assert.equal(image.attributes.href, "data:image/png;base64,AA==");
});

test("a file's name says what it shows in letters that every system takes", () => {
  const date = new Date(2026, 4, 1, 23, 59);
  assert.equal(
    fileName(["msd-musicnn", "embeddings", "tsne", "top tag"], date, ".png"),
    "msd-musicnn-embeddings-tsne-top-tag-2026-05-01.png",
  );
  assert.equal(fileName(["vggish", "activations", "original", null], date, ".svg"), "vggish-activations-original-2026-05-01.svg");
  assert.equal(fileName(["a", "Élan & Ångström"], date, "-2x.png"), "a-elan-angstrom-2026-05-01-2x.png");
  assert.match(fileName(["a", "音楽"], date, ".svg"), /^a-[0-9a-f]+-2026-05-01\.svg$/);
  for (const text of [...HOSTILE, "../../etc/passwd", "con", "x".repeat(5000), "a/b\\c:d*e?f", ""]) {
    const name = fileName(["net", text], date, ".svg");
    assert.match(name, /^net[a-z0-9-]*-2026-05-01\.svg$/);
    assert.ok(name.length < 150);
  }
});

test("a caption says which map it is, how much is seen, the filter, what is selected and what rings, and whose tag colours", () => {
  const projection = { method: "tsne", title: "t-SNE", n_dims: 2 };
  const space = (layer) => ({
    layer,
    n_segments: 9,
    n_dims: 2,
    labels: layer === "activations" ? ["rock"] : null,
    projections: [projection],
  });
  const spaces = [space("embeddings"), space("activations")];
  const networks = [{ name: "net", title: "Net", spaces, segment_s: 3 }];
  const collection = { networks, fields: [] };
  const view = {
    network: "net",
    layer: "embeddings",
    projection: "tsne",
    colour: "net/rock",
    granularity: "segments",
    filter: null,
  };
  const date = new Date(2026, 4, 1);
  assert.deepEqual(captionFacts(collection, view, "9 segments", null, null, date), {
    title: "Net embeddings as t-SNE, coloured by rock of Net",
    lines: ["9 segments."],
    source: "Tagscape, 1 May 2026",
  });
  const track = { title: "A\nsong", artist: "B" };
  const more = { ...view, colour: null, filter: "rock>p90", rest: "pale", granularity: "averages" };
  const { title, lines } = captionFacts(
    collection,
    more,
    "2 tracks",
    { n_segments: 5, n_tracks: 1 },
    { track, start_s: 0, end_s: 3 },
    date,
  );
  assert.equal(title, "Net embeddings as t-SNE");
  assert.deepEqual(lines.slice(2), [
    "Filter: rock>p90 (what does not match is pale)",
    "Selected: 5 segments of 1 track; the others step back.",
    "The ring: A song by B, 0:00.0\u2009–\u20090:03.0.",
  ]);
  assert.match(captionFacts(collection, { ...more, rest: "hidden" }, "", null, null, date).lines[2], /is left out\)$/);
});
