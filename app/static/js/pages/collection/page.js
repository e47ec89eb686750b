/** @type {import("../../types/page").Mount} */
export function mount(host) {
  host.setAttribute("aria-busy", "false");
  return () => {};
}
