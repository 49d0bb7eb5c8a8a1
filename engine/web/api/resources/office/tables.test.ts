/** Goal: tables come into the office after a plan, and go out of it. Method: the API on a sample office. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type WebWorld, webWorld } from "../../../../../fixtures/web/world.js";

let world: WebWorld;
beforeEach(async () => {
  world = await webWorld();
});
afterEach(() => world.close());

const admin = () => world.as("alice.wong");
const CSV = { "content-type": "text/csv" };
const post = (path: string, body: string, query: Record<string, string> = {}) =>
  admin().post(path, { body, headers: CSV, query });

const PEOPLE = "Name,E-Mail,Extension\nGina Park,gina@example.com,110\nHugo Lang,hugo@example.com,111\n";

describe("a table of users", () => {
  it("is looked at first, then one revision", async () => {
    expect((await post("/tables/users", PEOPLE, { dry_run: "true" })).body).toMatchObject({
      outcome: "planned",
      changes: [{ kind: "user", change: "added" }, { change: "added" }],
    });
    expect((await post("/tables/users", PEOPLE)).body).toMatchObject({ outcome: "applied", revision: 2 });
    expect((await admin().get("/users", { query: { q: "gina" } })).body).toMatchObject({
      items: [{ name: "Gina Park", extension: "110" }],
    });
  });

  it("changes users who are there, when told to", async () => {
    const table = "username,name,email\ncarol.diaz,Carol Diaz-Lee,carol@example.com\n";
    expect((await post("/tables/users", table, { update: "true" })).body).toMatchObject({
      changes: [{ kind: "user", id: "carol.diaz", fields: [{ field: "name", to: "Carol Diaz-Lee" }] }],
    });
  });

  it("is refused with the row and the column of each fault", async () => {
    const { status, body } = await post("/tables/users", "Name,E-Mail\nGina Park,no address\n");
    expect(status).toBe(422);
    expect(body).toMatchObject({ errors: [expect.objectContaining({ where: "row 2, column E-Mail" })] });
  });

  it("asks which group a department is, and takes the answer", async () => {
    const table = "Name,Department\nGina Park,Sales Team\n";
    const asked = await post("/tables/users", table);
    expect(asked.status).toBe(409);
    expect(asked.body).toMatchObject({
      errors: [{ code: "which_group", found: "Sales Team", suggestion: "sales" }],
    });
    const departments = JSON.stringify({ "Sales Team": "sales" });
    expect((await post("/tables/users", table, { departments })).body).toMatchObject({ outcome: "applied" });
    expect((await admin().get("/groups/sales/members")).body).toMatchObject({ total: 3 });
  });

  it("goes out as it can come in again", async () => {
    const { text, headers } = await admin().get("/tables/users");
    expect(headers["content-disposition"]).toContain("users.csv");
    const again = await post("/tables/users", text, { update: "true" });
    expect(again.body).toMatchObject({ outcome: "unchanged" });
  });

  it.each([
    ["carol.diaz", 403],
    [null, 401],
  ])("is not for %s: %i", async (username, status) => {
    expect((await world.as(username).post("/tables/users", { body: PEOPLE, headers: CSV })).status).toBe(
      status,
    );
  });
});

describe("a table of phone numbers", () => {
  it("adds numbers and changes those that are there", async () => {
    const table = "Number,Label,Rings\n+12125550100,Front desk,\n+12125550177,New,Carol Diaz\n";
    expect((await post("/tables/numbers", table)).body).toMatchObject({ outcome: "applied", revision: 2 });
    expect((await admin().get("/numbers/%2B12125550177")).body).toMatchObject({
      label: "New",
      call: { route: { to: "user:carol.diaz" } },
    });
    expect((await admin().get("/numbers/%2B12125550100")).body).toMatchObject({ label: "Front desk" });
  });

  it.each([
    ["/tables/numbers", PEOPLE],
    ["/tables/users", "Number,Label\n+12125550177,New\n"],
  ])("is not taken for another: %s", async (path, table) => {
    expect((await post(path, table)).status).toBe(422);
  });

  it("goes out", async () => {
    expect((await admin().get("/tables/numbers")).text).toContain("+12125550100");
  });
});
