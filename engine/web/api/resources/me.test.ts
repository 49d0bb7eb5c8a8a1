/** Goal: a page has all that it shows first by one request. Method: the API on a sample office with messages. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { WEB_OFFICE, type WebWorld, webWorld } from "../../../../fixtures/web/world.js";

let world: WebWorld;
beforeEach(async () => {
  world = await webWorld({
    ...WEB_OFFICE,
    outsideCallerId: { kind: "fixed", number: "+12125550100" },
    users: WEB_OFFICE.users.map((each) =>
      each.username === "carol.diaz" ? { ...each, outboundNumber: "+12125550100", hidesNumber: true } : each,
    ),
  });
});
afterEach(() => world.close());

let messages = 0;
async function leave(box: string, usernames: readonly string[], urgent = false): Promise<string> {
  messages += 1;
  const id = `22222222-0000-4000-8000-${String(messages).padStart(12, "0")}`;
  const caller = { callerNumber: "+19175550144", callerName: "", called: "101" };
  await world.store.voicemail.open([{ id, box, call: "call", beganMs: world.nowMs(), ...caller }]);
  await world.store.voicemail.deliver(id, {
    ...{ box, deliveredMs: world.nowMs(), lengthMs: 3_000, bytes: 48_000, sha256: "", urgent, mails: [] },
    recipients: usernames.map((username) => ({ username, receives: true })),
  });
  return id;
}

const me = async (username: string) => (await world.as(username).get("/me")).body;

it("says the revision, the number shown, and that the files say something else of the person", async () => {
  expect(await me("carol.diaz")).toMatchObject({
    revision: 1,
    number_shown: "+12125550100",
    hide_number: true,
    drifts: true,
  });
  expect(await me("dave.kim1")).toMatchObject({ number_shown: "+12125550100", hide_number: false });
  await world.apply({ ...WEB_OFFICE, outsideCallerId: { kind: "called" } });
  expect(await me("dave.kim1")).toMatchObject({ revision: 2, number_shown: null });
});

it("counts the new messages of each mailbox that the person hears, and of no other", async () => {
  const own = await leave("user:carol.diaz", ["carol.diaz"]);
  await leave("user:carol.diaz", ["carol.diaz"], true);
  await leave("group:sales", ["carol.diaz", "dave.kim1"]);
  await leave("user:erin.hall", ["erin.hall"]);
  expect(await me("carol.diaz")).toMatchObject({
    new_messages: 3,
    mailboxes: [
      { box: "user:carol.diaz", name: "Carol Diaz", new: 2, new_urgent: 1 },
      { box: "group:sales", name: "sales", new: 1, new_urgent: 0 },
    ],
  });
  await world.as("carol.diaz").patch(`/messages/${own}`, { body: { state: "heard" } });
  expect(await me("carol.diaz")).toMatchObject({ new_messages: 2 });
  expect(await me("dave.kim1")).toMatchObject({ new_messages: 1 });
  expect(await me("bella.ruiz")).toMatchObject({ new_messages: 0, mailboxes: [{ box: "user:bella.ruiz" }] });
});
