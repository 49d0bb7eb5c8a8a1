/** Statements of several callers on one connection never become part of another caller's transaction. */
import { expect, it } from "vitest";
import { Database } from "./database.js";

it("a single write is not undone with a transaction of somebody else", async () => {
  const database = await Database.open(":memory:", false);
  await database.exec("CREATE TABLE one (state TEXT); INSERT INTO one VALUES ('before')");
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const transaction = database.transaction(async (rollback) => {
    await database.run("INSERT INTO one VALUES ('undone')");
    begin();
    await gate;
    rollback();
  });
  await begun;
  const write = database.run("UPDATE one SET state = 'after'");
  open();
  await Promise.all([transaction, write]);
  expect(await database.all("SELECT state FROM one")).toEqual([{ state: "after" }]);
  await database.close();
});

it("a single write that fails holds up nobody", async () => {
  const database = await Database.open(":memory:", false);
  await expect(database.run("INSERT INTO nowhere VALUES (1)")).rejects.toThrow("no such table");
  await database.run("CREATE TABLE somewhere (id INTEGER)");
  await database.transaction(() => database.run("INSERT INTO somewhere VALUES (1)"));
  expect(await database.all("SELECT id FROM somewhere")).toEqual([{ id: 1 }]);
  await database.close();
});
