import { createSignInLink } from "@nectr/accounts";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type Browser as Chromium, chromium, type Page } from "playwright-core";
import { type AuthService, startAuthService } from "./auth-service.ts";
import { storeReview } from "./stored-review.ts";

const executablePath = inject("chromium");

describe.skipIf(executablePath === undefined)("the page in a browser (needs chromium)", () => {
  let service: AuthService;
  let browser: Chromium;
  let secretsId: number;

  beforeAll(async () => {
    service = await startAuthService(inject("postgresUrl"));
    await service.github.createUser({ login: "octocat", name: "Mona" });
    await service.github.createUser({ login: "hubber" });
    await service.github.createRepository({ owner: "octocat", name: "shop" });
    const secrets = { owner: "octocat", name: "secrets", private: true };
    ({ id: secretsId } = await service.github.createRepository(secrets));
    await service.github.createRepository({ owner: "hubber", name: "tools", members: { octocat: "read" } });
    const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    browser = await chromium.launch({ executablePath: executablePath ?? "", args: asRoot });
  });
  afterAll(async () => {
    await browser?.close();
    await service?.[Symbol.asyncDispose]();
  });

  /** A browser of its own, which keeps what a person would not see. */
  async function open(baseURL = service.url): Promise<{ page: Page; complaints: string[] }> {
    const context = await browser.newContext({ baseURL });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" && !/status of 4\d\d/.test(message.text()))
        complaints.push(message.text());
    });
    return { page, complaints };
  }

  async function signIn(page: Page): Promise<void> {
    await page.goto("/");
    await page.getByRole("link", { name: "Sign in with GitHub" }).click();
    await page.getByRole("radio", { name: /octocat/ }).check();
    await page.getByRole("button", { name: "Authorize" }).click();
    await page.getByText("octocat", { exact: true }).waitFor();
  }

  test("sign in, search, connect, disconnect, reconnect, log out", async () => {
    const { page, complaints } = await open();
    await signIn(page);
    expect(new URL(page.url()).origin).toBe(service.url);
    const rows = page.locator("#repositories > li");
    const status = page.getByRole("status");
    await expect.poll(() => rows.count()).toBe(3);
    expect(await page.getByRole("button", { name: "Connect hubber/tools", exact: true }).isDisabled()).toBe(
      true,
    );

    await page.getByRole("searchbox", { name: "Search repositories" }).fill("shop");
    await expect.poll(() => rows.count()).toBe(1);
    await page.getByRole("button", { name: "Connect octocat/shop", exact: true }).click();
    const disconnect = page.getByRole("button", { name: "Disconnect octocat/shop", exact: true });
    await disconnect.waitFor();
    expect(await status.textContent()).toBe("octocat/shop is connected.");
    expect(await disconnect.evaluate((button) => button === button.ownerDocument.activeElement)).toBe(true);
    await page.reload();
    await disconnect.click();
    await page.getByRole("button", { name: "Connect octocat/shop", exact: true }).waitFor();

    await page.getByRole("link", { name: "reconnect" }).click();
    await page.getByRole("button", { name: "Authorize" }).click();
    await page.getByRole("button", { name: "Connect octocat/shop", exact: true }).waitFor();

    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByRole("link", { name: "Sign in with GitHub" }).waitFor();
    await page.reload();
    await page.getByRole("link", { name: "Sign in with GitHub" }).waitFor();
    expect(complaints).toEqual([]);
  });

  test("reviews are told in the words of their summaries, and a GitHub of one's own by its address", async () => {
    const { page, complaints } = await open();
    await signIn(page);
    await page.getByRole("button", { name: "Connect octocat/secrets", exact: true }).click();
    await page.getByRole("button", { name: "Disconnect octocat/secrets", exact: true }).waitFor();
    const outcomes = [
      ["request_changes", 1],
      ["comment", 1],
      ["comment", 0],
      ["approve", 0],
    ] as const;
    for (const [generation, [verdict, open]] of outcomes.entries()) {
      const result = { findings: [], stillOpen: Array(open).fill({}), unchecked: [] };
      await storeReview(service.db, secretsId, { generation, verdict, result });
    }
    await page.reload();
    await page.getByText(`GitHub: ${new URL(service.github.url).host}`, { exact: true }).waitFor();
    await expect
      .poll(() => page.locator("#reviews .verdict").allTextContents())
      .toEqual([
        "No defects found",
        "Nothing found, but this is no approval",
        "Worth a look, nothing blocking",
        "Changes needed",
      ]);
    expect(complaints).toEqual([]);
  });

  test("another site's link to reconnect asks first, and its button works", async () => {
    const { page, complaints } = await open();
    await signIn(page);
    await page.setExtraHTTPHeaders({ referer: "https://attacker.example/" });
    await page.goto("/auth/github/reconnect");
    await page.setExtraHTTPHeaders({});
    await page.getByRole("heading", { name: "Reconnect to GitHub?" }).waitFor();
    await page.getByRole("button", { name: "Reconnect" }).click();
    await page.getByRole("button", { name: "Authorize" }).click();
    await page.getByRole("button", { name: "Connect octocat/shop", exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  test("one person is signed in by a link, which is then worth nothing", async () => {
    await using personal = await startAuthService(inject("postgresUrl"), { personal: "octocat" });
    await personal.github.createRepository({ owner: "octocat", name: "shop" });
    const { page, complaints } = await open(personal.url);
    await page.goto("/");
    await page.getByText("npm run link").waitFor();
    expect(await page.getByRole("link", { name: "Sign in with GitHub" }).count()).toBe(0);

    const link = `/#link=${await createSignInLink(personal.db, new Date(Date.now() + 60_000))}`;
    await page.goto("about:blank");
    await page.goto(link);
    await page.getByRole("button", { name: "Connect octocat/shop" }).click();
    await page.getByText("looked at every minute").waitFor();
    await page.getByRole("button", { name: "Disconnect octocat/shop" }).waitFor();
    expect(page.url()).toBe(`${personal.url}/`);
    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByText("npm run link").waitFor();

    await page.goto("about:blank");
    await page.goto(link);
    await page.getByRole("alert").filter({ hasText: "This link was used" }).waitFor();
    expect(complaints).toEqual([]);
  });

  test("another site's link with a made-up token leaves whoever is signed in as they are", async () => {
    const { page } = await open();
    await signIn(page);
    await page.goto("about:blank");
    await page.goto("/#link=made-up");
    await page.getByRole("alert").filter({ hasText: "This link was used" }).waitFor();
    await page.getByRole("button", { name: "Log out" }).waitFor();
  });

  test("the API can be browsed and tried, under the same content security policy", async () => {
    const { page, complaints } = await open();
    await signIn(page);
    await page.goto("/api/docs");
    await page.getByText("/api/v1/repos/{owner}/{repo}/rotate-secret").waitFor();
    await page.getByRole("button", { name: "Who is signed in" }).click();
    await page.getByRole("button", { name: "Try it out" }).click();
    await page.getByRole("button", { name: "Execute" }).click();
    await page.getByText('"login": "octocat"').first().waitFor();
    expect(complaints).toEqual([]);
  });

  test("a word in the address that is none of ours is explained as any other", async () => {
    const { page } = await open();
    await page.goto("/?error=constructor");
    await page.getByRole("alert").filter({ hasText: "The sign-in failed" }).waitFor();
  });

  test("a failed sign-in is explained, once", async () => {
    const { page } = await open();
    await page.goto("/?error=invalid_state");
    await expect
      .poll(() => page.getByRole("alert").textContent())
      .toMatch(/^Invalid or expired OAuth state\. Sign in/);
    expect(new URL(page.url()).search).toBe("");
  });

  test("a token that GitHub refuses leads to reconnecting", async () => {
    const { page } = await open();
    await signIn(page);
    await service.db.updateTable("users").set({ token_state: "reconnect_needed" }).execute();
    await page.reload();
    await page.getByText("GitHub no longer accepts your token.").waitFor();
    await page.getByRole("link", { name: "Reconnect to GitHub" }).click();
    await page.getByRole("button", { name: "Authorize" }).click();
    await page.getByRole("button", { name: "Connect octocat/shop", exact: true }).waitFor();
  });
});
