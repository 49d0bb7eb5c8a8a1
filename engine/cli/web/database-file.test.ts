/** Goal: a web server learns that its database was replaced. Method: files, and a virtual clock. */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { untilTrue } from "../../../fixtures/until-true.js";
import { VirtualClock } from "../../../fixtures/virtual-clock.js";
import { watchDatabaseFile } from "./database-file.js";

it.each([
  ["replaced", true],
  ["gone", false],
])("a database that is %s is noticed; one that is written is not", async (_name, comesBack) => {
  const folder = mkdtempSync(join(tmpdir(), "ringline-database-file-"));
  const path = join(folder, "r.db");
  writeFileSync(path, "first");
  const clock = new VirtualClock();
  const watch = watchDatabaseFile(path, clock);
  let isReplaced = false;
  void watch.replaced.then(() => {
    isReplaced = true;
  });
  for (const text of ["written", "and again"]) {
    await untilTrue(() => clock.pending === 1);
    writeFileSync(path, text);
    clock.advanceBy(1_000);
  }
  await untilTrue(() => clock.pending === 1);
  expect(isReplaced).toBe(false);
  renameSync(path, join(folder, "before.db"));
  if (comesBack) writeFileSync(path, "another");
  clock.advanceBy(1_000);
  await untilTrue(() => isReplaced);
  watch.close();
  expect(clock.pending).toBe(0);
  rmSync(folder, { recursive: true });
});
