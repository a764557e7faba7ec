import { generateKeyPairSync } from "node:crypto";
import { createNodeMiddleware, createProbot } from "probot";
import { announce } from "./announce.ts";

// Probot with a handler that does nothing: what its users have before their own code, and nothing is stored.
//
// JavaScript, because Probot's types bring pino-http's along, which change `IncomingMessage` for the whole house.

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const probot = createProbot({
  env: {},
  overrides: { appId: 1, privateKey, secret: process.argv[2] ?? "", logLevel: "fatal" },
});
const middleware = await createNodeMiddleware((app) => app.on("pull_request", () => {}), {
  probot,
  webhooksPath: "/api/v1/webhooks/github",
});
await announce((request, response) => void middleware(request, response));
