/** The lease: postponed while the engine runs, and left to run out when the engine is gone. */
import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import type { Reply, SwitchLink, WireCommand } from "../switch/wire.js";
import { LEASE_S, Lease, RENEW_AGAIN_MS, RENEW_MS } from "./lease.js";

const ENGINE = "11111111-2222-4333-8444-555555555555";

function setup() {
  const clock = new VirtualClock();
  const lines: string[] = [];
  const answers: Array<(reply: Reply) => void> = [];
  const send = (command: WireCommand, done: (reply: Reply) => void) => {
    if (command.verb === "api") lines.push(command.line);
    answers.push(done);
  };
  const link: SwitchLink = { send, open: () => {}, close: async () => {} };
  return { clock, lines, answers, lease: new Lease(link, clock, ENGINE) };
}

describe("the lease", () => {
  it("hangs up the waiting callers of this engine alone", () => {
    const { lines, lease } = setup();
    lease.keep();
    expect(lines).toEqual([
      `sched_del ringline-lease-${ENGINE}`,
      `sched_api +${LEASE_S} ringline-lease-${ENGINE} hupall NORMAL_TEMPORARY_FAILURE ringline_waiting ${ENGINE}`,
    ]);
  });

  it("is put off well within its time for as long as the engine lives", () => {
    const { clock, lines, lease } = setup();
    lease.keep();
    clock.advanceBy(60_000);
    expect(lines).toHaveLength(2 * (1 + 60_000 / RENEW_MS));
    expect(RENEW_MS * 2).toBeLessThan(LEASE_S * 1000);
  });

  it.each(["unknown", "refused"] as const)(
    "is put off again soon when the switch's answer is %s",
    (outcome) => {
      const { clock, lines, answers, lease } = setup();
      lease.keep();
      for (const answer of answers.splice(0)) answer({ outcome, text: "" });
      clock.advanceBy(RENEW_AGAIN_MS);
      expect(lines).toHaveLength(4);
      for (const answer of answers.splice(0)) answer({ outcome: "ok", text: "+OK" });
      clock.advanceBy(RENEW_AGAIN_MS);
      expect(lines).toHaveLength(4);
      lease.stop();
      for (const answer of answers.splice(0)) answer({ outcome, text: "" });
      clock.advanceBy(60_000);
      expect(lines).toHaveLength(4);
    },
  );

  it("is not put off any more once the engine has stopped, and not twice after a reconnect", () => {
    const { clock, lines, lease } = setup();
    lease.keep();
    lease.keep();
    clock.advanceBy(RENEW_MS);
    expect(lines).toHaveLength(6);
    lease.stop();
    clock.advanceBy(60_000);
    expect(lines).toHaveLength(6);
  });

  it("is put off one last time when the engine leaves its callers to the next one", () => {
    const { clock, lines, lease } = setup();
    lease.keep();
    let carriedOut = 0;
    lease.renewLast(() => (carriedOut += 1));
    clock.advanceBy(60_000);
    expect(lines).toHaveLength(4);
    expect(lines.at(-1)).toContain(`sched_api +${LEASE_S}`);
    // The link of this test never replies.
    expect(carriedOut).toBe(0);
  });
});
