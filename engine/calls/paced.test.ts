/** How many questions are at the switch at once, and in which order they are answered. */
import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import type { Reply, WireCommand } from "../switch/wire.js";
import { BATCH_MAX, PAUSE_MS, Paced } from "./paced.js";

const OK: Reply = { outcome: "ok", text: "+OK" };

function setup(options: { readonly answersAtOnce?: boolean } = {}) {
  const clock = new VirtualClock();
  const sent: Array<(reply: Reply) => void> = [];
  const link = {
    send: (_command: WireCommand, done: (reply: Reply) => void) => {
      sent.push(done);
      if (options.answersAtOnce === true) done(OK);
    },
  };
  const paced = new Paced(link, clock);
  const answered: string[] = [];
  const ask = (from: number, to: number) => {
    for (let n = from; n < to; n += 1)
      paced.send({ verb: "api", line: `n ${n}` }, ({ outcome }) => answered.push(`${n} ${outcome}`));
  };
  return { clock, paced, sent, answered, ask };
}

describe("questions to the switch", () => {
  it("are sent at once while they are few", () => {
    const { sent, ask } = setup();
    ask(0, BATCH_MAX);
    expect(sent).toHaveLength(BATCH_MAX);
  });

  it("of a whole batch are answered, and the switch has a pause, before the next batch is sent", () => {
    const { clock, sent, answered, ask } = setup();
    ask(0, 2 * BATCH_MAX + 1);
    expect(sent).toHaveLength(BATCH_MAX);
    for (const done of sent.slice(1)) done(OK);
    clock.advanceBy(PAUSE_MS);
    expect(sent).toHaveLength(BATCH_MAX);
    sent[0]?.(OK);
    expect(sent).toHaveLength(BATCH_MAX);
    clock.advanceBy(PAUSE_MS);
    expect(sent).toHaveLength(2 * BATCH_MAX);
    for (const done of sent.slice(BATCH_MAX)) done(OK);
    clock.advanceBy(PAUSE_MS);
    for (const done of sent.slice(2 * BATCH_MAX)) done(OK);
    expect(answered).toHaveLength(2 * BATCH_MAX + 1);
  });

  it("of two callers keep their order, whenever they are asked", () => {
    const { clock, sent, answered, ask } = setup();
    ask(0, BATCH_MAX + 2);
    for (const done of [...sent]) done(OK);
    ask(BATCH_MAX + 2, BATCH_MAX + 4);
    clock.advanceBy(PAUSE_MS);
    for (const done of sent.slice(BATCH_MAX)) done(OK);
    expect(answered).toEqual(Array.from({ length: BATCH_MAX + 4 }, (_, n) => `${n} ok`));
  });

  it("are all sent by a link that answers at once", () => {
    const { answered, ask } = setup({ answersAtOnce: true });
    ask(0, 1_000);
    expect(answered).toHaveLength(1_000);
  });

  it("that were not sent yet are answered as unknown when the connection is gone, and later ones go on", () => {
    const { clock, paced, sent, answered, ask } = setup();
    ask(0, BATCH_MAX + 3);
    paced.drop();
    expect(answered).toEqual([BATCH_MAX, BATCH_MAX + 1, BATCH_MAX + 2].map((n) => `${n} unknown`));
    for (const done of [...sent]) done({ outcome: "unknown", text: "connection lost" });
    ask(500, 501);
    clock.advanceBy(PAUSE_MS);
    expect(sent).toHaveLength(BATCH_MAX + 1);
  });
});
