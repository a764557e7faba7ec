import { presentHook } from "../present/hook.ts";
import { notFound } from "../problem.ts";
import type { HookRecord } from "../state/model.ts";
import { announcePing } from "../webhooks/announce.ts";
import { timestamp } from "../world.ts";
import {
  type Answer,
  type Call,
  type Route,
  type Target,
  type Viewer,
  created,
  hasScope,
  noContent,
  numberParam,
  ok,
  requireBody,
  requireTarget,
  requireViewer,
} from "./call.ts";
import { hookChange, newHook, refusedHook, requireEvents, requireUrl } from "./hook-settings.ts";
import { pageOf } from "./pages.ts";

/** A repository's webhooks. */
export const hookRoutes: readonly Route[] = [
  ["get", "/repos/:owner/:repo/hooks", listHooks],
  ["post", "/repos/:owner/:repo/hooks", postHook],
  ["get", "/repos/:owner/:repo/hooks/:hook", getHook],
  ["patch", "/repos/:owner/:repo/hooks/:hook", patchHook],
  ["delete", "/repos/:owner/:repo/hooks/:hook", deleteHook],
  ["post", "/repos/:owner/:repo/hooks/:hook/pings", postPing],
];

/** Hooks are for admins with the right scope; to all others they do not exist. */
function requireAdmin(call: Call): { target: Target; viewer: Viewer } {
  const target = requireTarget(call);
  const viewer = requireViewer(call);
  const scope = call.method === "GET" ? "read:repo_hook" : "write:repo_hook";
  if (target.permission !== "admin" || !hasScope(viewer.token, scope)) throw notFound();
  return { target, viewer };
}

/** The hook with the number in the path. Throws 404 for all but admins. */
export function requireHook(call: Call): { hook: HookRecord; target: Target; viewer: Viewer } {
  const { target, viewer } = requireAdmin(call);
  const id = numberParam(call, "hook");
  const hook = call.world.store.state.hooks.find(
    (candidate) => candidate.id === id && candidate.repositoryId === target.repository.id,
  );
  if (!hook) throw notFound();
  return { hook, target, viewer };
}

function listHooks(call: Call): Answer {
  const { target } = requireAdmin(call);
  const own = call.world.store.state.hooks.filter((hook) => hook.repositoryId === target.repository.id);
  const { items, headers } = pageOf(call, own);
  return ok(
    items.map((hook) => presentHook(call.world, hook)),
    headers,
  );
}

const mostHooks = 20;

async function postHook(call: Call): Promise<Answer> {
  const { target, viewer } = requireAdmin(call);
  const asked = requireBody(call, newHook);
  if (asked.name !== undefined && asked.name !== "web") {
    throw refusedHook(`${asked.name} is not a valid hook`, "name");
  }
  const url = requireUrl(asked.config.url);
  const { state } = call.world.store;
  const own = state.hooks.filter((hook) => hook.repositoryId === target.repository.id);
  if (own.some((hook) => hook.url === url)) throw refusedHook("Hook already exists on this repository");
  if (own.length >= mostHooks) throw refusedHook(`The maximum number of hooks is ${mostHooks}`);
  const at = timestamp(call.world);
  const hook: HookRecord = {
    id: call.world.store.nextId(),
    repositoryId: target.repository.id,
    url,
    contentType: asked.config.content_type === "json" ? "json" : "form",
    secret: asked.config.secret ?? null,
    insecureSsl: asked.config.insecure_ssl ?? "0",
    events: requireEvents(asked.events),
    active: asked.active,
    createdAt: at,
    updatedAt: at,
    lastResponse: { code: null, status: "unused", message: null },
  };
  state.hooks.push(hook);
  call.world.store.save();
  const shown = presentHook(call.world, hook);
  await announcePing(call.world, hook, viewer.user, shown);
  return created(shown);
}

function getHook(call: Call): Answer {
  return ok(presentHook(call.world, requireHook(call).hook));
}

function patchHook(call: Call): Answer {
  const { hook } = requireHook(call);
  const asked = requireBody(call, hookChange);
  const events = [...(asked.events ?? hook.events), ...asked.add_events];
  hook.events = requireEvents(events.filter((event) => !asked.remove_events.includes(event)));
  hook.active = asked.active ?? hook.active;
  if (asked.config) {
    // A config replaces the old one whole: without a secret in it, the hook has none afterwards.
    hook.url = requireUrl(asked.config.url ?? hook.url);
    hook.contentType = asked.config.content_type === "json" ? "json" : "form";
    hook.secret = asked.config.secret ?? null;
    hook.insecureSsl = asked.config.insecure_ssl ?? "0";
  }
  hook.updatedAt = timestamp(call.world);
  call.world.store.save();
  return ok(presentHook(call.world, hook));
}

function deleteHook(call: Call): Answer {
  const { hook } = requireHook(call);
  const { state } = call.world.store;
  state.hooks = state.hooks.filter((other) => other !== hook);
  call.world.store.save();
  return noContent;
}

async function postPing(call: Call): Promise<Answer> {
  const { hook, viewer } = requireHook(call);
  await announcePing(call.world, hook, viewer.user, presentHook(call.world, hook));
  return noContent;
}
