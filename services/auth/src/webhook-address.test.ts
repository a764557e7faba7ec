import { expect, test } from "vitest";
import { webhookAddress } from "./webhook-address.ts";

const github = (apiUrl: string) => ({ githubUrl: "https://github.com", apiUrl });

test.each(["https://api.github.com", "https://api.acme.ghe.com"])(
  "%s delivers to the internet alone",
  (apiUrl) => {
    const address = (webhookUrl: string) => webhookAddress({ webhookUrl, github: github(apiUrl) });
    expect(address("https://nectr.example.com")).toBe("https://nectr.example.com/api/v1/webhooks/github");
    for (const host of ["localhost:8001", "127.0.0.1", "192.168.1.2", "nectr.internal", "gateway"]) {
      expect(() => address(`http://${host}`)).toThrow(
        /set WEBHOOK_URL to an address that the internet reaches/,
      );
    }
  },
);

test.each(["http://127.0.0.1:8010", "https://github.acme.com/api/v3"])("%s may reach more", (apiUrl) => {
  const webhookUrl = "http://192.168.1.2:8001";
  expect(webhookAddress({ webhookUrl, github: github(apiUrl) })).toBe(`${webhookUrl}/api/v1/webhooks/github`);
});
