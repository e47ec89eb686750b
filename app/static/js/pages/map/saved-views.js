// Views that are kept under a name: saved, opened, renamed, deleted in a dialog over the map.

/** @import {NamedView} from "../../types/api" */
/** @import {MapPage} from "./map-page.js" */

import { deleteView, renameView, saveView, savedViews } from "../../api/views.js";
import { element, find } from "../../lib/dom.js";
import { LISTENING, toQuery } from "../../state/view-schema.js";

export class SavedViews {
  #list;
  #name;

  /** @param {HTMLDialogElement} dialog @param {MapPage} page @param {AbortSignal} signal */
  constructor(dialog, page, signal) {
    this.dialog = dialog;
    this.page = page;
    this.signal = signal;
    this.#list = find(dialog, "ul");
    this.#name = /** @type {HTMLInputElement} */ (find(dialog, "input"));
    // keys of the map mean nothing here
    dialog.addEventListener("keydown", (event) => event.stopPropagation());
    find(dialog, ".views-close").addEventListener("click", () => dialog.close());
    find(dialog, "form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#save();
    });
    page.context.keys.add([{ keys: ["v", "V"], shown: "V", does: "views that you have saved", run: () => this.open() }], signal);
  }

  open() {
    this.dialog.showModal();
    this.#try(async () => this.#show(await savedViews(this.signal)));
  }

  /** What is seen, without what plays: opening it later changes no music. */
  get #query() {
    const query = new URLSearchParams(toQuery({ ...this.page.view, box: this.page.stage.box }));
    for (const key of LISTENING) query.delete(key);
    return query.toString();
  }

  #save() {
    const name = this.#name.value.trim();
    if (!name) return this.#name.focus();
    return this.#try(async () => {
      await saveView(name, this.#query);
      this.#name.value = "";
      this.#show(await savedViews(this.signal));
    });
  }

  /** @param {readonly NamedView[]} views */
  #show(views) {
    find(this.dialog, ".views-none").hidden = views.length > 0;
    this.#list.replaceChildren(...views.map((view) => this.#line(view)));
  }

  /** @param {NamedView} view */
  #line(view) {
    const { id, name, query } = view;
    const open = (/** @type {Event} */ event) => {
      event.preventDefault();
      this.dialog.close();
      this.page.context.go(`/?${query}`);
    };
    const remove = () => this.#try(async () => this.#show((await deleteView(id)).views));
    const line = element(
      "li",
      {},
      element("a", { href: `/?${query}`, onclick: open }, element("bdi", {}, name)),
      element(
        "button",
        { type: "button", class: "link-button", "aria-label": `Rename ${name}`, onclick: () => this.#rename(line, view) },
        "Rename",
      ),
      element("button", { type: "button", class: "link-button", "aria-label": `Delete ${name}`, onclick: remove }, "Delete"),
    );
    return line;
  }

  /** @param {HTMLElement} line becomes a field for the name @param {NamedView} view */
  #rename(line, { id, name }) {
    const field = element("input", { value: name, maxlength: 100, "aria-label": `New name of ${name}` });
    const form = element("form", {}, field, element("button", { class: "link-button" }, "Save"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!field.value.trim()) return field.focus();
      return this.#try(async () => {
        await renameView(id, field.value.trim());
        this.#show(await savedViews(this.signal));
      });
    });
    line.replaceChildren(form);
    field.select();
  }

  /** @param {() => Promise<void>} act what fails is said in the dialog, which lies over everything else */
  async #try(act) {
    const problem = find(this.dialog, ".problem");
    try {
      await act();
      problem.textContent = "";
    } catch (error) {
      if (this.signal.aborted) return;
      const { message, hint = "" } = /** @type {Error & { hint?: string }} */ (error);
      problem.textContent = `${message} ${hint}`.trim();
    }
  }
}
