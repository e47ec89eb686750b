// The names of the axes are pickers that sit on the axes.

/** @import {Projection, Space} from "../types/api" */
/** @import {View} from "../types/view" */
/** @import {Frame} from "../plot/figure.js" */

import { element } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { percent } from "../lib/format.js";
import { hasAxes } from "../state/choices.js";
import { Picker } from "./picker.js";

export class AxisPickers {
  /** @param {HTMLElement} host the stage @param {(patch: Partial<View>) => void} change */
  constructor(host, change) {
    this.x = new Picker({ name: "Horizontal axis", class: "axis-x", onChange: (x) => change({ x: Number(x) }) });
    this.y = new Picker({ name: "Vertical axis", class: "axis-y", onChange: (y) => change({ y: Number(y) }) });
    this.swap = element(
      "button",
      {
        type: "button",
        class: "tool axis-swap",
        "aria-label": "Swap the axes",
        title: "Swap the axes",
        onclick: () => change({ x: this.#view?.y, y: this.#view?.x }),
      },
      icon("swap"),
    );
    this.all = [this.x.button, this.y.button, this.swap];
    host.append(...this.all);
  }

  /** @type {View | null} */
  #view = null;

  /** @param {Space} space @param {Projection} projection @param {View} view */
  show(space, projection, view) {
    this.#view = view;
    const visible = hasAxes(projection.method);
    for (const each of this.all) each.hidden = !visible;
    if (!visible) return;
    const groups = [
      {
        title: "",
        options: Array.from({ length: projection.n_dims }, (_, i) => ({ value: String(i), ...axisName(space, projection, i) })),
      },
    ];
    this.x.set(groups, String(view.x));
    this.y.set(groups, String(view.y));
  }

  hide() {
    for (const each of this.all) each.hidden = true;
  }

  /** In the middle of each axis. @param {Frame} frame */
  place({ left, top, width, height }) {
    this.x.button.style.left = `${left + width / 2}px`;
    this.y.button.style.top = `${top + height / 2}px`;
  }
}

/** @param {Space} space @param {Projection} projection @param {number} axis */
function axisName(space, { method, title, explained_variance }, axis) {
  if (method === "original") return { label: space.labels?.[axis] ?? `dimension ${axis}` };
  const share = explained_variance?.[axis];
  return {
    label: `${title} ${axis + 1}${share === undefined ? "" : ` (${percent(share)})`}`,
    ...(share === undefined ? {} : { detail: "of the variance" }),
  };
}
