// What can colour a map, and its grammar, which app/explore/map/colouring/names.py reads as well:
//
//   network/tag                         the activation of a tag
//   top/network                         each segment's top tag
//   field/name                          what is known of its track
//   difference/network/network/tag      how much more the first network hears of a tag than the second

/** @import {Collection} from "../types/api" */
/** @import {Group} from "../ui/picker.js" */
/** @import {View} from "./view-schema.js" */

import { isolated } from "../lib/format.js";
import { labels, network, networks } from "./choices.js";

/**
 * @typedef {{ kind: "tag", network: string, tag: string } | { kind: "top", network: string } | { kind: "field", field: string }
 *   | { kind: "difference", network: string, other: string, tag: string }} ColourName
 */

/** @param {string} text @returns {ColourName} */
export function parse(text) {
  const [first, second = "", third = ""] = text.split("/");
  const rest = text.slice(first.length + 1);
  if (first === "top") return { kind: "top", network: rest };
  if (first === "field") return { kind: "field", field: rest };
  if (first === "difference")
    return { kind: "difference", network: second, other: third, tag: rest.slice(second.length + third.length + 2) };
  return { kind: "tag", network: first, tag: rest };
}

/**
 * A colour that there is: the one asked for, else the top tags of the network shown, or of the first that has tags.
 * @param {Collection} collection @param {View} view with its network
 * @param {string | null | undefined} asked @param {(name: string) => void} refuse
 * @returns {string | null}
 */
export function settled(collection, view, asked, refuse) {
  if (asked === null) return null;
  if (asked !== undefined) {
    if (isThere(collection, parse(asked))) return asked;
    refuse(asked);
  }
  const shown = networks(collection).filter((each) => each.name === view.network);
  const own = [...shown, ...networks(collection)].find((each) => labels(each)?.length);
  return own ? `top/${own.name}` : null;
}

/**
 * What colours the points, in words: and whose it is where another network is shown.
 * @param {Collection} collection @param {Pick<View, "network" | "colour">} view
 */
export function colourName(collection, view) {
  if (view.colour === null) return "nothing";
  const name = parse(view.colour);
  if (name.kind === "field") return isolated(titleOf(collection, name.field));
  if (name.kind === "difference") return `${difference(collection, name)} in ${isolated(name.tag)}`;
  const what = name.kind === "top" ? "top tag" : isolated(name.tag);
  return name.network === view.network ? what : `${what} of ${network(collection, name.network)?.title ?? name.network}`;
}

/** What a column of its values is called. @param {Collection} collection @param {string} colour */
export function shortName(collection, colour) {
  const name = parse(colour);
  if (name.kind === "field") return titleOf(collection, name.field);
  return name.kind === "top" ? "top tag" : name.tag;
}

/**
 * All tags, by network, named as colours are.
 * @param {Collection} collection @param {View} view with its network @returns {Group[]}
 */
export function tagGroups(collection, view) {
  return networks(collection).flatMap((each) => {
    const options = (labels(each) ?? []).map((label) => option(collection, view, `${each.name}/${label}`, label));
    return options.length ? [{ title: each.title, options }] : [];
  });
}

/** @param {Collection} collection @param {View} view @param {string} value @param {string} label */
function option(collection, view, value, label) {
  return { value, label, said: colourName(collection, { ...view, colour: value }) };
}

/** What colours, by kind and by network. @param {Collection} collection @param {View} view with its network @returns {Group[]} */
export function colourGroups(collection, view) {
  const named = (/** @type {string} */ value, /** @type {string} */ label) => option(collection, view, value, label);
  const tagging = networks(collection).filter((each) => labels(each)?.length);
  const [shown] = tagging.filter((each) => each.name === view.network);
  const others = tagging.filter((each) => each !== shown);
  return [
    {
      title: "Top tag",
      options: tagging.map((each) => ({ ...named(`top/${each.name}`, "top tag"), detail: each.title })),
    },
    { title: "Tracks", options: collection.fields.map(({ name, title }) => named(`field/${name}`, title)) },
    ...tagGroups(collection, view),
    ...others.flatMap((other) => {
      if (!shown) return [];
      const common = (labels(shown) ?? []).filter((label) => labels(other)?.includes(label));
      const title = `${shown.title} less ${other.title}`;
      return [{ title, options: common.map((label) => named(`difference/${shown.name}/${other.name}/${label}`, label)) }];
    }),
  ].filter(({ options }) => options.length);
}

/** @param {Collection} collection @param {ColourName} name */
function isThere(collection, name) {
  const hears = (/** @type {string} */ which, /** @type {string} */ tag) => {
    const found = network(collection, which);
    return Boolean(found && labels(found)?.includes(tag));
  };
  if (name.kind === "field") return collection.fields.some((field) => field.name === name.field);
  if (name.kind === "tag") return hears(name.network, name.tag);
  if (name.kind === "difference")
    return name.network !== name.other && hears(name.network, name.tag) && hears(name.other, name.tag);
  const found = network(collection, name.network);
  return Boolean(found && labels(found)?.length);
}

/** @param {Collection} collection @param {string} field */
function titleOf(collection, field) {
  return collection.fields.find(({ name }) => name === field)?.title ?? field;
}

/** @param {Collection} collection @param {{ network: string, other: string }} name */
function difference(collection, name) {
  const title = (/** @type {string} */ which) => network(collection, which)?.title ?? which;
  return `${title(name.network)} less ${title(name.other)}`;
}
