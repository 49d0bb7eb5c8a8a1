/** What the switch is told about a call, and that no text of a caller becomes an order to it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readXml } from "../../fixtures/switch/xml.js";
import { type Answering, answerXml } from "./answer.js";

const CALL = "75b39ecc-8364-4e96-9a29-a6118a303139";
const LEG = "11111111-2222-8333-8444-555555555555";

function answering(
  callerName = "Jane Doe",
  callerNumber = "+19175550144",
  more: Partial<Answering> = {},
): Answering {
  const leg = {
    type: "dial",
    leg: LEG,
    dial: { kind: "contact", sip: "alice-desk", url: "sofia/phones/sip:alice-desk@192.0.2.7:5060" },
    native: true,
    station: 0,
    callerName,
    callerNumber,
    diversion: null,
    asserted: null,
    codecs: "CORE_PCM_MODULE.PCMU@8000h@20i@64000b",
    deadmanMs: 35_000,
  } as const;
  return {
    callId: CALL,
    engineId: "engine-1",
    context: "inbound",
    savedState: "2.abc",
    legs: [leg],
    isGuarded: false,
    ...more,
  };
}

/** The applications of an answer, in order. */
function applications(xml: string | undefined, tag = "action"): string[] {
  return [...(xml ?? "").matchAll(new RegExp(`<${tag} application="([a-z_]+)"`, "g"))].map(
    ([, name]) => name ?? "",
  );
}

describe("the answer to a question about a call", () => {
  it("rings a phone with srtp: required with nothing but encryption", () => {
    const [leg] = answering().legs;
    const url = "sofia/phones/sip:alice-desk@192.0.2.7:5061;transport=tls";
    const legs =
      leg === undefined
        ? []
        : [{ ...leg, dial: { kind: "contact", sip: "alice-desk", url, srtp: "required" } as const }];
    expect(answerXml({ ...answering(), legs })).toContain("rtp_secure_media=mandatory");
  });

  it("claims the call as it is read, and else hands it over", () => {
    const xml = answerXml(answering()) ?? "";
    expect(xml).toContain(
      `field="\${hash(insert_ifempty/ringline-claim/${CALL}/engine-1)}" expression="^\\+OK"`,
    );
    expect(applications(xml, "anti-action")).toEqual([
      "multiset",
      "ring_ready",
      "sched_transfer",
      "park",
      "transfer",
    ]);
  });

  it("rings phones, and parks who is not connected, for a bounded time without an engine", () => {
    expect(applications(answerXml(answering()))).toEqual([
      "multiset",
      "ring_ready",
      "bridge",
      "multiset",
      "sched_hangup",
      "park",
      "transfer",
    ]);
  });

  it("parks the caller when the switch is to ring nobody", () => {
    expect(applications(answerXml(answering("", "", { legs: [] })))).toEqual([
      "multiset",
      "ring_ready",
      "park",
      "transfer",
    ]);
  });

  it("has no hook for a caller for whom only the switch rings", () => {
    const [first = ""] =
      /<action application="multiset" data="[^"]*"/.exec(answerXml(answering()) ?? "") ?? [];
    expect(first).not.toContain("api_hangup_hook");
    expect(first).toContain("park_after_bridge=true");
  });

  it("stays one extension with one condition, whatever the caller is called", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 80 }),
      fc.constantFrom(
        '"/><action application="system"',
        "X-PRE-PROCESS",
        "<?xml",
        "${api(x)}",
        "$${x}",
        "]sofia/x",
        "a','b",
      ),
    );
    fc.assert(
      fc.property(text, text, (name, number) => {
        const xml = answerXml(answering(name, number));
        // An answer that the switch would misread is not given.
        if (xml === undefined) return;
        const root = readXml(xml);
        expect(root).not.toBeNull();
        expect(applications(xml)).toHaveLength(7);
        expect(xml).not.toMatch(/X-PRE-PROCESS|<\?|\$\$\{|\n/i);
        expect(xml.match(/\$\{/g)).toHaveLength(1);
      }),
      { numRuns: 500 },
    );
  });
});
