import { z } from "zod";
import { connectRepository } from "../connect-repository.ts";
import type { AuthContext } from "../context.ts";
import { disconnectRepository } from "../disconnect-repository.ts";
import { tooMany } from "../problems.ts";
import { rotateSecret } from "../rotate-secret.ts";
import { type Operation, type Route, route } from "./api/operation.ts";
import { limitPerMinute } from "./rate-limit.ts";
import { repositoryPath, repositoryPresenter, repositorySchema } from "./repository-json.ts";

const shared = {
  tag: "Repositories",
  session: true,
  params: repositoryPath,
  github: true,
  limited: true,
} as const;

const install = {
  ...shared,
  id: "connectRepository",
  method: "post",
  path: "/api/v1/repos/{owner}/{repo}/install",
  summary: "Connect the person to a repository",
  description:
    "Makes the webhook, repairs it, or shares the one that is there. Takes an admin, or for sharing the right to " +
    "push. Where one person is served by GITHUB_PAT there is no webhook: the repository is polled. Done twice, it " +
    "changes nothing.",
  answers: { 200: { description: "Connected", schema: z.object({ repository: repositorySchema }) } },
  problems: [
    "busy",
    "repository_not_found",
    "repository_archived",
    "admin_needed",
    "write_access_needed",
    "too_many_webhooks",
    "webhook_url_unreachable",
  ],
} satisfies Operation;

const uninstall = {
  ...shared,
  id: "disconnectRepository",
  method: "delete",
  path: "/api/v1/repos/{owner}/{repo}/install",
  summary: "Disconnect the person from a repository",
  description: "The webhook goes with the last one who was connected. Done twice, it changes nothing.",
  answers: {
    200: {
      description: "Disconnected",
      schema: z.object({
        connected: z.literal(false),
        webhook: z.enum(["removed", "shared", "left"]).meta({
          description:
            "`shared`: kept, because others are connected. `left`: the person may not remove it at GitHub; its " +
            "deliveries are refused from now on",
        }),
      }),
    },
  },
  problems: ["busy", "repository_not_found"],
} satisfies Operation;

const rotate = {
  ...shared,
  id: "rotateSecret",
  method: "post",
  path: "/api/v1/repos/{owner}/{repo}/rotate-secret",
  summary: "Give the webhook a new secret",
  description:
    "Deliveries signed with the old one are taken for another hour, so none is refused. After a failure, do it again.",
  answers: {
    200: {
      description: "GitHub has the new secret",
      schema: z.object({ previous_accepted_until: z.date() }),
    },
  },
  problems: [
    "busy",
    "repository_not_found",
    "not_connected",
    "admin_needed",
    "secret_just_rotated",
    "too_many_webhooks",
    "webhook_url_unreachable",
  ],
} satisfies Operation;

export function installationRoutes(context: AuthContext): Route[] {
  const limit = limitPerMinute(context.limits.installs, () => tooMany("changes of repositories"));
  return [
    route(
      context,
      install,
      async ({ session: { user }, params: { owner, repo: name } }) => {
        const repository = await connectRepository(context, user, { owner, name });
        context.visible.forget(user.id);
        const present = await repositoryPresenter(context.db, [repository.id], user.id);
        return { repository: present(repository) };
      },
      limit,
    ),
    route(
      context,
      uninstall,
      async ({ session: { user }, params: { owner, repo: name } }) => ({
        connected: false as const,
        webhook: await disconnectRepository(context, user, { owner, name }),
      }),
      limit,
    ),
    route(
      context,
      rotate,
      async ({ session: { user }, params: { owner, repo: name } }) => ({
        previous_accepted_until: await rotateSecret(context, user, { owner, name }),
      }),
      limit,
    ),
  ];
}
