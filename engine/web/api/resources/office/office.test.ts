/** Goal: everything of an office can be read and changed by the API, by those who may. Method: the API on a sample office. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WEB_OFFICE, type WebWorld, webWorld } from "../../../../../fixtures/web/world.js";
import type { Office } from "../../../../../policy/office/office.js";
import type { Schedule } from "../../../../../policy/steps/schedule/step.js";
import type { Plan } from "../../../../../policy/usage/plan.js";
import type { Webhook } from "../../../../../policy/webhooks/webhook.js";

const PRACTICE: Schedule = {
  id: "practice",
  open: [{ days: ["mon", "tue", "wed", "thu", "fri"], fromMinute: 480, toMinute: 1_020 }],
  closed: [],
};
const BASIC: Plan = { id: "basic", currency: "USD", prices: [] };
const CRM: Webhook = { id: "crm", url: "https://crm.example.com/calls", secrets: [{ env: "CRM_SECRET" }] };

/** On Monday, 30 November 2026, 14:00 UTC. */
const OFFICE: Office = {
  ...WEB_OFFICE,
  flows: {
    main: [
      { kind: "schedule", schedule: "practice", closed: { kind: "flow", id: "night" } },
      { kind: "ring", target: { kind: "group", id: "sales" }, timeoutMs: 30_000, skip: false },
      { kind: "voicemail", target: { kind: "group", id: "sales" } },
    ],
    night: [{ kind: "hangup", reason: "normal" }],
  },
  numbers: [
    {
      number: "+12125550100",
      label: "Main",
      leadsTo: {
        kind: "steps",
        steps: [
          { kind: "ring", target: { kind: "user", username: "alice.wong" }, timeoutMs: 20_000, skip: false },
          { kind: "voicemail", target: { kind: "user", username: "alice.wong" } },
        ],
      },
    },
    { number: "+12125550101", leadsTo: { kind: "flow", flow: "main" } },
    { number: "+12125550102", label: "Spare", leadsTo: null },
  ],
  sections: { schedules: [PRACTICE], plans: [BASIC], webhooks: [CRM] },
};

let world: WebWorld;
beforeEach(async () => {
  world = await webWorld(OFFICE);
});
afterEach(() => world.close());

const admin = () => world.as("alice.wong");

describe("phone numbers", () => {
  it("are listed with what each does when it receives a call; unassigned ones stand out", async () => {
    const { body } = await admin().get("/numbers");
    expect(body).toMatchObject({
      total: 3,
      items: [
        {
          number: "+12125550100",
          label: "Main",
          assigned: true,
          call: {
            sentences: [
              "Send the call to a user: Alice Wong",
              "Press 1 to accept: phones outside only",
              "Ring for 20 seconds",
              "Then: the user's voicemail",
            ],
            route: {
              to: "user:alice.wong",
              ring: 20,
              press_1: null,
              after: "voicemail",
              has_more_before: false,
            },
          },
        },
        {
          number: "+12125550101",
          flow: "main",
          call: {
            sentences: [
              "While the schedule practice is closed, send the call to the call flow night; while it is open, go on",
              "Send the call to a group: sales",
              "Press 1 to accept: phones outside only",
              "Ring for 30 seconds",
              "Then: the group's voicemail",
            ],
          },
        },
        {
          number: "+12125550102",
          assigned: false,
          call: { steps: null, route: null, sentences: ["Callers hear that the call cannot be completed"] },
        },
      ],
    });
  });

  it.each([
    [{ assigned: "false" }, ["+12125550102"]],
    [{ q: "(212) 555-0101" }, ["+12125550101"]],
    [{ q: "spare" }, ["+12125550102"]],
    [{ to: "group:sales" }, ["+12125550101"]],
    [{ to: "user:alice.wong" }, ["+12125550100"]],
  ])("with %j are %j", async (query, numbers) => {
    const { body } = await admin().get("/numbers", { query });
    expect((body as { items: { number: string }[] }).items.map(({ number }) => number)).toEqual(numbers);
  });

  it.each([
    [
      "+12125550101",
      { route: { to: "user:carol.diaz", ring: 30, press_1: true, after: "hangup" } },
      "flow_unused",
      false,
    ],
    ["+12125550101", { route: { to: "group:sales", plain: true }, for_all: true }, "flow_changes", true],
  ])("%s gets %j: %s", async (number, body, kind, keepsFlow) => {
    const path = `/numbers/${encodeURIComponent(number)}`;
    expect((await admin().patch(path, { body })).body).toMatchObject({
      outcome: "applied",
      remarks: [{ kind, flow: "main" }],
    });
    const { body: now } = await admin().get(path);
    expect(now).toMatchObject({ call: { route: { to: body.route.to } } });
    expect(Object.hasOwn(now as object, "flow")).toBe(keepsFlow);
  });

  it("say at the route what is wrong with it", async () => {
    const body = { route: { to: "user:carol.diz", after: "voicemail" } };
    const { status, body: said } = await admin().patch("/numbers/%2B12125550102", { body });
    expect(status).toBe(422);
    expect(said).toMatchObject({
      errors: expect.arrayContaining([
        expect.objectContaining({ field: "/route", code: "dangling", suggestion: "user:carol.diaz" }),
      ]),
    });
  });

  it("are added with where their calls go, and removed", async () => {
    const body = { number: "(212) 555-0177", label: "New", route: { to: "group:sales" } };
    expect((await admin().post("/numbers", { body })).status).toBe(201);
    expect((await admin().get("/numbers/%2B12125550177")).body).toMatchObject({
      number: "+12125550177",
      label: "New",
    });
    expect((await admin().delete("/numbers/%2B12125550177")).status).toBe(200);
    expect((await admin().get("/numbers/%2B12125550177")).status).toBe(404);
  });

  it("are drawn with all the places that a call can come to", async () => {
    expect((await admin().get("/numbers/%2B12125550101/graph")).body).toMatchObject({
      places: [
        {
          id: "number:+12125550101",
          steps: [{ kind: "schedule", goes_on: true }, { rings: "group:sales" }, {}],
        },
        { id: "flow:night", title: "the call flow night", steps: [{ sentence: "Hang up" }] },
      ],
      ways: [{ from: "number:+12125550101", step: 1, to: "flow:night" }],
      is_cut: false,
    });
  });
});

describe("call flows", () => {
  it("are listed with what leads there", async () => {
    expect((await admin().get("/flows")).body).toMatchObject({
      items: [
        { id: "main", led_from: ["number +12125550101"] },
        { id: "night", led_from: ["flow main, step 1: schedule"] },
      ],
    });
  });

  it("say which step is wrong, and what was probably meant", async () => {
    const steps = [{ ring: "group:sals" }, { voicemail: "group:sales" }];
    const { status, body } = await admin().patch("/flows/main", { body: { steps } });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      errors: expect.arrayContaining([
        expect.objectContaining({ field: "/steps/0/ring", code: "dangling", suggestion: "group:sales" }),
      ]),
    });
  });

  it.each([
    [{ add: { announce: "closed" } }, ["schedule", "ring", "announce", "voicemail"]],
    [{ add: { announce: "closed" }, at: 1 }, ["announce", "schedule", "ring", "voicemail"]],
    [{ move: 1, to: 2 }, ["ring", "schedule", "voicemail"]],
    [{ remove: [1] }, ["ring", "voicemail"]],
  ])("change by one step: %j", async (body, kinds) => {
    expect((await admin().post("/flows/main/steps", { body })).status).toBe(200);
    const { body: flow } = await admin().get("/flows/main");
    const { steps } = (flow as { call: { steps: object[] } }).call;
    expect(steps.map((step) => Object.keys(step)[0])).toEqual(kinds);
  });

  it("get another id, and what leads to them goes on to do so", async () => {
    expect((await admin().post("/flows/night/rename", { body: { to: "closed" } })).status).toBe(200);
    expect((await admin().get("/flows/closed")).body).toMatchObject({
      led_from: ["flow main, step 1: schedule"],
    });
  });

  it("are not removed while something leads to them", async () => {
    expect((await admin().delete("/flows/night")).status).toBe(409);
  });
});

describe("schedules", () => {
  it("are open or closed now, and say until when", async () => {
    expect((await admin().get("/schedules")).body).toMatchObject({
      items: [
        {
          id: "practice",
          now: { open: true, words: "open by its hours", next_change_at: "2026-11-30T17:00:00.000Z" },
        },
      ],
    });
  });

  it("are closed by hand until a time, and follow their hours again", async () => {
    const body = { state: "closed", until_at: "2026-11-30T15:00:00+00:00" };
    expect((await admin().put("/schedules/practice/by-hand", { body })).body).toMatchObject({
      open: false,
      words: "closed by hand",
      by_hand: { author: "alice.wong", until_at: "2026-11-30T15:00:00.000Z" },
    });
    expect((await admin().delete("/schedules/practice/by-hand")).body).toMatchObject({
      open: true,
      by_hand: null,
    });
  });

  it.each([
    ["practice", "2026-11-30T13:00:00Z", 400],
    ["practic", "2026-11-30T15:00:00Z", 404],
  ])("%s is not closed until %s: %i", async (id, until, status) => {
    const body = { state: "closed", until_at: until };
    expect((await admin().put(`/schedules/${id}/by-hand`, { body })).status).toBe(status);
  });

  it("get other hours and holidays", async () => {
    const body = { open: [{ days: "sat", from: "10:00", to: "12:00" }], closed: ["2026-12-25"] };
    expect((await admin().patch("/schedules/practice", { body })).status).toBe(200);
    expect((await admin().get("/schedules/practice")).body).toMatchObject({
      closed: ["2026-12-25"],
      now: { open: false },
      asked_by: ["flow main, step 1"],
    });
  });
});

describe("groups and their members", () => {
  it("are listed, the built-in ones first", async () => {
    const { body } = await admin().get("/groups");
    expect(body).toMatchObject({
      items: [
        { id: "all-users", built_in: true, member_count: 6, may: { change: true, remove: false } },
        { id: "billing-admins" },
        { id: "system-admins" },
        { id: "sales", member_count: 2, built_in: false, may: { remove: true } },
      ],
    });
  });

  it.each([
    ["carol.diaz", ["all-users", "sales"]],
    ["erin.hall", ["all-users"]],
  ])("%s sees %j", async (username, ids) => {
    const { body } = await world.as(username).get("/groups");
    expect((body as { items: { id: string }[] }).items.map(({ id }) => id)).toEqual(ids);
  });

  it("switch single members on and off, and change their order, delay and time", async () => {
    const path = "/groups/sales/members";
    await admin().patch(`${path}/dave.kim1`, { body: { calls: false, delay: 5, place: 1 } });
    expect((await admin().get(path)).body).toMatchObject({
      items: [
        { user: "dave.kim1", name: "Dave Kim", calls: false, voicemail: true, delay: 5, place: 1 },
        { user: "carol.diaz", calls: true, place: 2 },
      ],
    });
    expect((await admin().post(path, { body: { user: "erin.hall" } })).status).toBe(201);
    expect((await admin().delete(`${path}/dave.kim1`)).status).toBe(200);
    expect((await admin().get(path)).body).toMatchObject({
      items: [{ user: "carol.diaz" }, { user: "erin.hall" }],
    });
  });

  it.each([
    ["carol.diaz", "carol.diaz", { calls: false }, 200],
    ["carol.diaz", "carol.diaz", { delay: 5 }, 403],
    ["carol.diaz", "dave.kim1", { calls: false }, 403],
    ["erin.hall", "carol.diaz", { calls: false }, 403],
  ])("%s changes %s by %j: %i", async (asker, member, body, status) => {
    expect((await world.as(asker).patch(`/groups/sales/members/${member}`, { body })).status).toBe(status);
  });
});

describe("the rest of the office", () => {
  it.each([
    [
      "/office",
      { name: "Test", settings: { country: "US" }, counts: { users: 6, numbers: 3 }, may: { change: true } },
    ],
    ["/plans", { items: [{ id: "basic", currency: "USD", number_count: 0 }] }],
    ["/webhooks/crm", { url: "https://crm.example.com/calls", secret: { env: "CRM_SECRET" } }],
    ["/carriers", { items: [{ id: "main", place: 1, state: null }] }],
    ["/emergency", { emergency_numbers: expect.arrayContaining(["911"]), phones: 2, without_location: 2 }],
    [
      "/locations",
      { items: [{ username: "alice.wong", device: "desk", location: null }, { username: "carol.diaz" }] },
    ],
  ])("is shown at %s", async (path, expected) => {
    expect((await admin().get(path)).body).toMatchObject(expected);
  });

  it.each([
    ["/office", { timezone: "America/Chicago" }, "/office", { timezone: "America/Chicago" }],
    ["/emergency", { notify: ["alice.wong"] }, "/emergency", { notify: ["alice.wong"] }],
    ["/plans/basic", { name: "Basic" }, "/plans/basic", { name: "Basic" }],
    ["/webhooks/crm", { events: ["call.ended"] }, "/webhooks/crm", { events_told: ["call.ended"] }],
    ["/carriers/main", { ping: 30 }, "/carriers/main", { ping: 30 }],
  ])("%s is changed by %j", async (path, body, then, expected) => {
    expect((await admin().patch(path, { body })).body).toMatchObject({ outcome: "applied" });
    expect((await admin().get(then)).body).toMatchObject(expected);
  });

  it("names a faulty field of the emergency settings by its place in the request", async () => {
    const { body } = await admin().patch("/emergency", { body: { notify: ["alice.wong", "nobody.here"] } });
    expect(body).toMatchObject({ errors: [expect.objectContaining({ field: "/notify/1" })] });
  });

  it("puts numbers on a plan as one revision", async () => {
    const body = { add: ["+12125550100", "+12125550101"] };
    expect((await admin().post("/plans/basic/numbers", { body })).body).toMatchObject({ revision: 2 });
    expect((await admin().get("/plans/basic")).body).toMatchObject({ numbers: body.add });
    await admin().post("/plans/basic/numbers", { body: { remove: ["+12125550100"] } });
    expect((await admin().get("/plans/basic")).body).toMatchObject({ numbers: ["+12125550101"] });
  });

  it("shows everybody the name and the zone, and no settings", async () => {
    expect((await world.as("erin.hall").get("/office")).body).toMatchObject({
      name: "Test",
      settings: null,
      counts: null,
    });
  });
});

describe("several changes at once", () => {
  const edits = [
    { set: "user:bella.ruiz", extension: "104" },
    { add: "group:support", name: "Support" },
    { add: "member:support/bella.ruiz", delay: 5 },
  ];

  it("are one revision, after a plan", async () => {
    const plan = await admin().post("/changes", { body: edits, query: { dry_run: "true" } });
    expect(plan.body).toMatchObject({ outcome: "planned", changes: [{ kind: "user" }, { kind: "group" }] });
    expect((await admin().post("/changes", { body: edits })).body).toMatchObject({
      outcome: "applied",
      revision: 2,
    });
  });

  it("are refused with the edit and the field that is at fault", async () => {
    const body = [...edits, { set: "user:carol.diaz", extension: "104" }];
    const { status, body: said } = await admin().post("/changes", { body });
    expect(status).toBe(422);
    expect(JSON.stringify(said)).toContain('"field":"/3/extension"');
  });

  it.each([
    [[{ sett: "user:bella.ruiz" }], "/0/sett"],
    [[{ set: "usr:bella.ruiz" }], "/0/set"],
  ])("%j is not understood: %s", async (body, field) => {
    expect((await admin().post("/changes", { body })).body).toMatchObject({
      errors: [expect.objectContaining({ field })],
    });
  });

  it("need the permission that each would need by itself", async () => {
    expect((await world.as("carol.diaz").post("/changes", { body: edits })).status).toBe(403);
    const own = [{ set: "user:carol.diaz", location: "Room 4" }];
    expect((await world.as("carol.diaz").post("/changes", { body: own })).status).toBe(200);
  });
});

describe("directory and search", () => {
  it("show everybody colleagues and groups, without those who are suspended", async () => {
    const { body } = await world.as("erin.hall").get("/directory", { query: { q: "a" } });
    const ids = (body as { items: { id: string }[] }).items.map(({ id }) => id);
    expect(ids).toContain("alice.wong");
    expect(ids).not.toContain("frank.lee");
  });

  it.each([
    ["alice.wong", "main", ["flow:main", "number:+12125550100", "number:+12125550101", "carrier:main"]],
    ["alice.wong", "5550101", ["number:+12125550101"]],
    ["erin.hall", "main", []],
    ["erin.hall", "carol", ["user:carol.diaz"]],
    ["erin.hall", "carol@example.com", []],
    ["bella.ruiz", "basic", ["plan:basic"]],
  ])("%s looks for %s: %j", async (asker, q, expected) => {
    const { body } = await world.as(asker).get("/search", { query: { q } });
    const found = (body as { items: { kind: string; id: string }[] }).items.map(
      ({ kind, id }) => `${kind}:${id}`,
    );
    expect(found.sort()).toEqual([...expected].sort());
  });
});
