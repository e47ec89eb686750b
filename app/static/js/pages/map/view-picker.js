// A picker of one key of the view, as the schema describes it.

/** @import {Collection} from "../../types/api" */
/** @import {View} from "../../state/view-schema.js" */

import { SCHEMA } from "../../state/view-schema.js";
import { Picker } from "../../ui/picker.js";

export class ViewPicker {
  #key;
  #picker;

  /**
   * @param {keyof View} key @param {HTMLElement} host where its list is
   * @param {(patch: Partial<View>) => void} change @param {string} [extra] a class
   */
  constructor(key, host, change, extra) {
    const { title = key, parse } = SCHEMA[key];
    this.#key = key;
    this.#picker = new Picker({ name: title, host, class: extra, onChange: (text) => change({ [key]: parse(text) }) });
  }

  get button() {
    return this.#picker.button;
  }

  /** @param {Collection} collection @param {View} view */
  show(collection, view) {
    const { options, write } = SCHEMA[this.#key];
    this.#picker.set(options?.(collection, view) ?? [], write(/** @type {never} */ (view[this.#key])) ?? "");
  }
}
