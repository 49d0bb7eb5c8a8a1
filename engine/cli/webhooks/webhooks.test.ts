/**
 * Goal: operators see how webhooks fare, try one, and make them try again. Method: command lines on a real database, and a
 * receiver on loopback.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TestOffice } from "../../../fixtures/cli/office-of-a-test.js";
import { VirtualClock } from "../../../fixtures/virtual-clock.js";
import { answers, WebhookServer } from "../../../fixtures/webhooks/server.js";
import { eventSchema } from "../../../policy/webhooks/shape.js";

const OFFICE = `
office: { name: Acme, country: US, timezone: America/New_York }
users: [{ username: alice.wong, name: Alice Wong }]
webhooks:
  - { id: crm, url: "URL", secret: { env: CARRIER_PASSWORD }, allow_private: true }
  - { id: other, url: "https://other.example.com/", events: [call.ended], secret: { env: NOT_SET } }
`;

let server: WebhookServer;
let office: TestOffice;
beforeEach(async () => {
  server = new WebhookServer();
  await server.open();
  office = new TestOffice({ clock: new VirtualClock() });
  await office.must("apply", office.file("office.yaml", OFFICE.replace("URL", server.url)));
});
afterEach(async () => {
  office.remove();
  await server.close();
});

describe("webhook test", () => {
  it("sends a signed event that did not happen, and says that it was taken", async () => {
    expect(await office.on("webhook", "test", "crm", "--event", "emergency.call")).toEqual({
      out: "emergency.call was taken: 204 after 0 ms\n",
      err: "",
      code: 0,
    });
    const [received] = server.received;
    expect(eventSchema.parse(JSON.parse(received?.body ?? ""))).toMatchObject({ isSample: true });
    expect(received?.headers["ringline-signature"]).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
  });

  it("says why an event is not taken", async () => {
    server.behaviour = answers(302, { location: "https://elsewhere.example.com/" });
    expect(await office.on("webhook", "test", "crm")).toMatchObject({
      err: "error: call.ended was not taken: it answered 302, a redirect, which is not followed\n",
      code: 1,
    });
    expect(await office.on("webhook", "test", "other")).toMatchObject({
      err: "error: call.ended was not taken: it has no secret: the environment variable NOT_SET: it is not set\n",
      code: 1,
    });
    expect(await office.json("webhook", "test", "other")).toMatchObject({ ok: false, status: null });
  });

  it.each([
    [["crn"], "there is no webhook `crn`; did you mean crm?"],
    [["crm", "--event", "call.begun"], "expected one of call.started"],
  ])("%j is refused", async (args, why) => {
    const { err, code } = await office.on("webhook", "test", ...args);
    expect(err).toContain(why);
    expect(code).toBe(1);
  });
});

describe("webhook list", () => {
  it("lists the webhooks of the office, as text and for programs", async () => {
    expect(await office.must("webhook", "list")).toBe(
      `crm    nothing sent yet  0 delivered  ${server.url}\n` +
        "other  nothing sent yet  0 delivered  https://other.example.com/\n",
    );
    const { out } = await office.on("webhook", "list", "--json");
    expect(
      out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { id: "crm", state: "new", waiting: 0, oldestMs: null },
      { id: "other", events: ["call.ended"] },
    ]);
  });
});

describe("webhook retry", () => {
  it("says how much is due", async () => {
    expect(await office.must("webhook", "retry")).toBe(
      "0 events are due; a running engine sends them within seconds\n",
    );
    expect(await office.json("webhook", "retry", "crm")).toEqual({ ok: true, waiting: 0 });
    expect(await office.on("webhook", "retry", "crn")).toMatchObject({ code: 1 });
  });
});
