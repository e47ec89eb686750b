// Buttons over the figure take clicks and nothing else: wheels and drags that begin on them are the figure's.

/** So far a finger or a hand may tremble on a button, in CSS pixels. */
const STILL_PX = 5;

/** @param {HTMLElement} layer whose buttons lie over the figure */
export function letThrough(layer) {
  /** @type {PointerEvent | null} */
  let down = null;
  layer.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      below(layer, event)?.dispatchEvent(new WheelEvent(event.type, event));
    },
    { passive: false },
  );
  layer.addEventListener("pointerdown", (event) => {
    down = event;
  });
  layer.addEventListener("pointermove", (event) => {
    if (!down || !event.buttons || Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < STILL_PX) return;
    const began = down;
    down = null;
    const target = below(layer, began);
    if (event.target instanceof Element) event.target.releasePointerCapture(event.pointerId);
    // until the button is up again what moves is the figure's
    layer.setAttribute("data-yielding", "");
    const ended = new AbortController();
    const end = () => {
      ended.abort();
      layer.removeAttribute("data-yielding");
    };
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, end, { signal: ended.signal, capture: true });
    target?.dispatchEvent(new PointerEvent("pointerdown", began));
  });
  layer.addEventListener("pointerup", () => {
    down = null;
  });
}

/**
 * What lies below a layer at the place of an event, also inside of components.
 * @param {HTMLElement} layer @param {MouseEvent} event
 */
function below(layer, { clientX, clientY }) {
  let found = document.elementsFromPoint(clientX, clientY).find((each) => !layer.contains(each));
  while (found?.shadowRoot) {
    const root = found.shadowRoot;
    // it also tells what lies over it, outside
    const inner = root.elementsFromPoint(clientX, clientY).find((each) => each.getRootNode() === root);
    if (!inner) break;
    found = inner;
  }
  return found;
}
