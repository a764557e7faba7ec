/**
 * The page's element of this id.
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function element(id, kind) {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`The page has no ${kind.name} #${id}`);
}

/**
 * A copy of a template's one element.
 * @param {string} id
 * @returns {{ root: HTMLElement, find: (selector: string) => HTMLElement }}
 */
export function copyOf(id) {
  const root = element(id, HTMLTemplateElement).content.firstElementChild?.cloneNode(true);
  if (!(root instanceof HTMLElement)) throw new Error(`The template #${id} is empty`);
  return {
    root,
    find(selector) {
      const found = root.querySelector(selector);
      if (found instanceof HTMLElement) return found;
      throw new Error(`The template #${id} has no ${selector}`);
    },
  };
}

const saidForMs = 6000;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let unsay;

/**
 * Says what happened, on the screen for a while and to a screen reader.
 * @param {string} text
 */
export function say(text) {
  const status = element("status", HTMLElement);
  clearTimeout(unsay);
  status.textContent = text;
  unsay = setTimeout(() => (status.textContent = ""), saidForMs);
}
