/** Goal: a call counts for whoever it came to, as people would count it. Method: told calls. */
import { expect, it } from "vitest";
import {
  began,
  GROUP_ANSWERED,
  recordOfTold,
  TAKEN_OVER,
  TRANSFERRED,
} from "../../fixtures/records/told-calls.js";
import { talliesOf } from "./tally.js";

function tallyOf(told: Parameters<typeof recordOfTold>[0], kind: string, name: string) {
  return talliesOf(recordOfTold(told)).find((tally) => tally.kind === kind && tally.name === name);
}

it("a caller who is transferred waits from the end of the conversation before, not through it", () => {
  expect(tallyOf(TRANSFERRED, "user", "dan.okafor")).toMatchObject({ isAnswered: true, waitMs: 18_540 });
  expect(tallyOf(TRANSFERRED, "user", "carol.diaz")).toMatchObject({ isAnswered: true, waitMs: 8_940 });
  expect(tallyOf(TRANSFERRED, "all", "in")).toMatchObject({ isAnswered: true, waitMs: 18_540 });
});

it("a caller waits from the beginning where nobody talked with them before", () => {
  expect(tallyOf(GROUP_ANSWERED, "user", "bob.stone")).toMatchObject({ isAnswered: true, waitMs: 4_230 });
});

it("calls to outside count for the user who makes them; those to a colleague, for the colleague alone", () => {
  expect(tallyOf(TAKEN_OVER, "caller", "carol.diaz")).toMatchObject({ isAnswered: true });
  const [, ...others] = GROUP_ANSWERED;
  const inside = [began({ direction: "inside", user: "dan.okafor", called: "200" }), ...others];
  expect(tallyOf(inside, "caller", "dan.okafor")).toBeUndefined();
  expect(tallyOf(inside, "user", "bob.stone")).toMatchObject({ isAnswered: true });
});
