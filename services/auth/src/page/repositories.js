import { call, path } from "./api.js";
import { copyOf, element, say } from "./element.js";

/**
 * @typedef {{
 *   full_name: string, owner: string, name: string, private: boolean, archived: boolean, url: string,
 *   permission: "admin" | "write" | "read", connected: boolean, connected_by: string[],
 *   deliveries: { complete_at: string | null, recovered: number, missing: number } | null,
 * }} Repository
 */

const typingPauseMs = 250;

/**
 * The searchable list.
 * @param {(error: unknown) => void} onError
 * @param {{ polled: boolean }} mode whether repositories are polled, or tell of themselves by a webhook
 */
export function showRepositories(onError, mode) {
  const search = element("search", HTMLInputElement);
  let page = 1;
  /** Answers can overtake each other: only the newest request's is shown. */
  let newest = 0;

  async function load() {
    const request = (newest += 1);
    try {
      const answer = await call("GET", path`/api/v1/repos?search=${search.value}&page=${page}`);
      if (request === newest) show(answer);
    } catch (error) {
      onError(error);
    }
  }

  /** @param {{ repositories: Repository[], page: number, pages: number, total: number }} answer */
  function show({ repositories, pages, total }) {
    element("repositories", HTMLElement).replaceChildren(
      ...repositories.map((one) => row(one, onError, mode)),
    );
    element("repositories-count", HTMLElement).textContent = countOf(total, search.value);
    element("pages", HTMLElement).hidden = pages === 1;
    element("page-number", HTMLElement).textContent = `Page ${page} of ${pages}`;
    element("previous", HTMLButtonElement).disabled = page === 1;
    element("next", HTMLButtonElement).disabled = page >= pages;
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typing;
  search.addEventListener("input", () => {
    clearTimeout(typing);
    page = 1;
    typing = setTimeout(() => void load(), typingPauseMs);
  });
  element("search-form", HTMLFormElement).addEventListener("submit", (event) => event.preventDefault());
  for (const [id, step] of /** @type {const} */ ([
    ["previous", -1],
    ["next", 1],
  ])) {
    element(id, HTMLButtonElement).addEventListener("click", () => {
      page += step;
      void load();
    });
  }
  void load();
}

/**
 * @param {Repository} repository
 * @param {(error: unknown) => void} onError
 * @param {{ polled: boolean }} mode
 */
function row(repository, onError, mode) {
  const { root, find } = copyOf("repository");
  const link = find("a");
  link.textContent = repository.full_name;
  link.setAttribute("href", repository.url);
  find('[data-badge="private"]').hidden = !repository.private;
  find('[data-badge="archived"]').hidden = !repository.archived;
  const button = find("button");

  /** @param {Repository} current */
  function show(current) {
    const verb = current.connected ? "Disconnect" : "Connect";
    button.textContent = verb;
    button.setAttribute("aria-label", `${verb} ${current.full_name}`);
    button.className = current.connected ? "" : "primary";
    button.toggleAttribute("disabled", !current.connected && !isConnectable(current, mode));
    const state = find(".state");
    state.textContent = stateOf(current, mode);
    state.classList.toggle("on", current.connected);
  }

  async function press() {
    if (button.getAttribute("aria-disabled") === "true") return;
    // Not `disabled`, which would take the focus away.
    button.setAttribute("aria-disabled", "true");
    say(`${repository.connected ? "Disconnecting" : "Connecting"} ${repository.full_name} …`);
    try {
      repository = await toggle(repository);
      show(repository);
      say(`${repository.full_name} is ${repository.connected ? "connected" : "no longer connected"}.`);
    } catch (error) {
      say("");
      onError(error);
    } finally {
      button.removeAttribute("aria-disabled");
    }
  }

  button.addEventListener("click", () => void press());
  show(repository);
  return root;
}

/**
 * Connects or disconnects.
 * @param {Repository} repository
 * @returns {Promise<Repository>} as it is then
 */
async function toggle(repository) {
  const install = path`/api/v1/repos/${repository.owner}/${repository.name}/install`;
  if (!repository.connected) return (await call("POST", install)).repository;
  await call("DELETE", install);
  const { repositories } = await call("GET", path`/api/v1/repos?search=${repository.full_name}`);
  const current = repositories.find(
    (/** @type {Repository} */ one) => one.full_name === repository.full_name,
  );
  return current ?? { ...repository, connected: false, connected_by: [] };
}

/**
 * @param {Repository} repository
 * @param {{ polled: boolean }} mode
 */
function isConnectable({ archived, permission, connected_by }, { polled }) {
  if (archived) return false;
  return permission === "admin" || (permission === "write" && (polled || connected_by.length > 0));
}

/**
 * @param {Repository} repository
 * @param {{ polled: boolean }} mode
 */
function stateOf(repository, mode) {
  const { connected, connected_by, archived } = repository;
  if (connected) {
    const who = connected_by.length > 1 ? `Connected by ${connected_by.join(", ")}` : "Connected";
    return [who, ...gapsOf(repository)].join(" · ");
  }
  if (connected_by.length > 0) return `Connected by ${connected_by.join(", ")}, not by you`;
  if (archived) return "Archived: it cannot be connected";
  if (isConnectable(repository, mode)) return "Not connected";
  return `Not connected: it takes ${mode.polled ? "the right to push" : "an admin of the repository"}`;
}

/**
 * What GitHub could not deliver, as far as that is worth a word.
 * @param {Repository} repository
 */
function gapsOf({ deliveries }) {
  if (deliveries === null) return [];
  const { recovered, missing } = deliveries;
  return [
    ...(recovered > 0 ? [`${recovered} lost ${recovered === 1 ? "delivery" : "deliveries"} recovered`] : []),
    ...(missing > 0 ? [`${missing} asked for again`] : []),
  ];
}

/**
 * @param {number} total
 * @param {string} search
 */
function countOf(total, search) {
  const count = total === 1 ? "1 repository" : `${total} repositories`;
  return search.trim() === "" ? count : `${count} with “${search.trim()}”`;
}
