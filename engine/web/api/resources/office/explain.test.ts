/** Goal: the API says who would ring, also with changes that are not made yet. Method: the API on a sample office. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WEB_OFFICE, type WebWorld, webWorld } from "../../../../../fixtures/web/world.js";

let world: WebWorld;
beforeAll(async () => {
  world = await webWorld({
    ...WEB_OFFICE,
    numbers: [{ number: "+12125550100", leadsTo: { kind: "flow", flow: "main" } }],
    flows: {
      main: [
        { kind: "ring", target: { kind: "user", username: "alice.wong" }, timeoutMs: 20_000, skip: false },
        { kind: "ring", target: { kind: "group", id: "sales" }, timeoutMs: 30_000, skip: false },
        { kind: "voicemail", target: { kind: "group", id: "sales" } },
      ],
    },
  });
});
afterAll(() => world.close());

const admin = () => world.as("alice.wong");
const ALICE_THEN_CAROL = {
  rings: [
    { who: "alice.wong", name: "Alice Wong", device: "desk", target: "user:alice.wong", end: "time_over" },
    { who: "carol.diaz", name: "Carol Diaz", target: "group:sales" },
  ],
  not_rung: expect.arrayContaining([
    expect.objectContaining({ who: "dave.kim1", reason_text: expect.any(String) }),
  ]),
};

describe("who would ring", () => {
  it.each([
    ["/numbers/%2B12125550100/explain", {}, { called: "+12125550100", ...ALICE_THEN_CAROL }],
    ["/explain", { number: "(212) 555-0100", from: "carol.diaz" }, { from: "carol-desk" }],
    [
      "/flows/main/explain",
      { at: "2026-03-02T09:00" },
      { called: "flow:main", at: "2026-03-02T09:00:00.000Z", ...ALICE_THEN_CAROL },
    ],
    [
      "/flows/main/explain",
      { registered: ["carol-desk"] },
      { rings: [{ who: "carol.diaz", from_seconds: expect.any(Number) }] },
    ],
    [
      "/flows/main/explain",
      { answer: ["alice.wong@5"] },
      { ending: { word: "answered", by: "alice.wong", text: "Answered by alice.wong (desk) at 5 s." } },
    ],
    [
      "/flows/main/explain",
      { edits: [{ set: "flow:main", steps: [{ ring: "user:carol.diaz" }, { hangup: "busy" }] }] },
      { rings: [{ who: "carol.diaz" }], ending: { word: "busy" } },
    ],
  ])("%s with %j", async (path, body, expected) => {
    const answered = await admin().post(path, { body });
    expect(answered.status).toBe(200);
    expect(answered.body).toMatchObject(expected);
  });

  it("changes nothing", async () => {
    const body = { edits: [{ set: "flow:main", steps: [{ hangup: "busy" }] }] };
    await admin().post("/flows/main/explain", { body });
    expect(await world.store.currentRevision()).toBe(1);
  });

  it.each([
    ["/explain", { number: "+12125550100", busy: ["alice.wonk"] }, "/busy/0"],
    ["/explain", { number: "hello" }, "/number"],
    ["/explain", { number: "+12125550100", at: "tomorrow" }, "/at"],
    ["/explain", { number: "+12125550100", edits: [{ sett: "office" }] }, "/edits/0/sett"],
    [
      "/explain",
      { number: "+12125550100", edits: [{ set: "flow:main", steps: [{ ring: "user:nobody" }] }] },
      "/edits/0",
    ],
  ])("%s with %j is refused at %s", async (path, body, field) => {
    const { status, body: said } = await admin().post(path, { body });
    expect(status).toBe(422);
    expect(said).toMatchObject({ errors: expect.arrayContaining([expect.objectContaining({ field })]) });
  });

  it.each([
    ["/flows/mian/explain", {}, 404],
    ["/explain", { number: "+12125550100", revision: 9 }, 404],
    ["/explain", { number: "+12125550100", registered_now: true }, 409],
  ])("%s with %j: %i", async (path, body, status) => {
    expect((await admin().post(path, { body })).status).toBe(status);
  });

  it("is not for everybody", async () => {
    expect((await world.as("erin.hall").post("/explain", { body: { number: "+12125550100" } })).status).toBe(
      403,
    );
  });
});

describe("routing tests", () => {
  const tests = [
    {
      name: "Alice first",
      call: "+12125550100",
      expect: ["at 1 rings alice.wong", "at 22 rings group:sales"],
    },
    { name: "Nobody", call: "+12125550100", expect: ["never rings carol.diaz"] },
  ];

  it("say which passed, and what happened instead", async () => {
    expect((await admin().post("/tests", { body: { tests } })).body).toMatchObject({
      ok: false,
      tests: [
        { name: "Alice first", passed: true, failures: [] },
        {
          name: "Nobody",
          passed: false,
          failures: [expect.stringContaining("carol.diaz (desk) rings from 20")],
        },
      ],
    });
  });

  it("are read from a file as `ringline test` reads it", async () => {
    const text = JSON.stringify({ tests });
    const ran = await admin().post("/tests", { body: { file: { name: "office.test.yaml", text } } });
    expect(ran.body).toMatchObject({ tests: [{ passed: true }, { passed: false }] });
    const file = { name: "office.test.yaml", text: "tests:\n  - name: Alice\n    cal: 100\n" };
    expect((await admin().post("/tests", { body: { file } })).body).toMatchObject({
      type: "checks_failed",
      errors: expect.arrayContaining([
        expect.objectContaining({ field: "/file", where: "office.test.yaml, line 3, column 5" }),
      ]),
    });
  });

  it.each([[{}], [{ tests, file: { name: "a.yaml", text: "" } }]])(
    "are sent in one way (%#)",
    async (body) => {
      expect((await admin().post("/tests", { body })).body).toMatchObject({ type: "wrong_request" });
    },
  );

  it("are refused at the sentence that says nothing", async () => {
    const body = { tests: [{ ...tests[0], expect: ["never rings", "never rings nobody.here"] }] };
    expect((await admin().post("/tests", { body })).body).toMatchObject({
      errors: [{ field: "/tests/0/expect/0" }, { field: "/tests/0/expect/1" }],
    });
  });
});
