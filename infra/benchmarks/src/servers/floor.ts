import express from "express";
import { isSignedWith } from "./signature.ts";
import { announce } from "./announce.ts";

// The least that a webhook's receiver does: read the raw body, check the signature, answer.

const secret = process.argv[2] ?? "";
const app = express().disable("x-powered-by");
app.post("/api/v1/webhooks/github", express.raw({ type: () => true, limit: "25mb" }), (request, response) => {
  response.status(isSignedWith(secret, request) ? 200 : 401).json({ ok: true });
});
await announce(app);
