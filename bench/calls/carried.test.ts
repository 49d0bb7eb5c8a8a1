/** Goal: every variant is told of the same calls, in a way that it accepts. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { ringlineIn } from "../../fixtures/cli/run-program.js";
import { Database } from "../../storage/database.js";
import { extensions, numberOf, officeText, VARIANTS, writeLua } from "./carried.js";
import { planOf, SHAPES } from "./shapes.js";

const PORT = 26_200;
const folder = mkdtempSync(join(tmpdir(), "ringline-carried-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const shapes = Object.values(SHAPES);

/** What the dialplan dials for a shape. */
function plainDial(number: string): string {
  const found = new RegExp(`\\?${number}\\$.*?application="bridge" data="([^"]+)"`).exec(
    extensions(PORT, "none"),
  );
  return found?.[1] ?? "";
}

it("the engine accepts the office", async () => {
  const file = join(folder, "office.yaml");
  writeFileSync(file, officeText(PORT));
  expect(await ringlineIn({}, "check", file)).toMatchObject({ code: 0 });
});

it("the script's database has the phones that the dialplan dials", async () => {
  const script = await writeLua(folder, PORT);
  const path = /sqlite:\/\/([^"]+)"/.exec(readFileSync(script, "utf8"))?.[1] ?? "";
  expect(existsSync(path)).toBe(true);
  const database = await Database.open(path, true);
  for (const shape of shapes) {
    const rows = await database.all<{ dial: string }>(
      "SELECT dial FROM numbers JOIN phones ON phones.target = numbers.target WHERE number = ?1 ORDER BY place",
      [numberOf("lua", shape)],
    );
    expect(rows.map(({ dial }) => dial).join(",")).toBe(plainDial(numberOf("plain", shape)));
    expect(rows).toHaveLength(shape.phones.length);
  }
  await database.close();
});

it("each variant and shape has a number of its own, but both roads of the engine share theirs", () => {
  const numbers = VARIANTS.flatMap((variant) => shapes.map((shape) => numberOf(variant, shape)));
  expect(new Set(numbers).size).toBe(3 * shapes.length);
  for (const shape of shapes) expect(numberOf("asked", shape)).toBe(numberOf("parked", shape));
});

it("one phone of each shape answers, under the name by which it is rung", () => {
  for (const shape of shapes) {
    const { answerAfterMs } = planOf(shape, "1", "2", 0);
    const users = shape.phones.map(({ at }) => ("user" in at ? at.user : `+${at.outside}`));
    expect(users.filter((user) => answerAfterMs?.(user) !== null)).toHaveLength(1);
    expect(answerAfterMs?.("a phone of another shape")).toBeNull();
  }
});
