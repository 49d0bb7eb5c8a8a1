/** Goal: what a step says about accepting at a number outside happens, and is refused where it means nothing. */
import { describe, expect, it } from "vitest";
import { office, Scene, sipDevice, user } from "../../../fixtures/core/scene.js";
import type { AcceptRule } from "../../office/office.js";
import { given, mapped } from "../../office/optional.js";
import { resolveOffice } from "../../office-file/resolve.js";
import type { Step } from "../types.js";

const MOBILE = "+19175550777";

function sent(accept: AcceptRule | undefined, from?: "alice-desk"): Scene {
  const send: Step = {
    kind: "send",
    target: { kind: "number", number: MOBILE },
    ...given({ accept }),
  };
  const alice = user("alice", [sipDevice("alice-desk")]);
  return Scene.begun({
    office: office([send], { users: [alice] }),
    ...given({ arrival: mapped(from, (sipName) => ({ origin: { kind: "phone" as const, sipName } })) }),
  });
}

describe("a caller who is sent to a number outside", () => {
  it.each([
    [undefined, undefined, true],
    ["auto", undefined, true],
    ["always", undefined, true],
    ["never", undefined, false],
    [undefined, "alice-desk", false],
    ["always", "alice-desk", true],
    ["auto", "alice-desk", true],
    ["never", "alice-desk", false],
  ] as const)("accept %s, from %s: asked to accept: %s", (accept, from, isAsked) => {
    const commands = sent(accept, from).answers(MOBILE);
    expect(commands.some(({ type }) => type === "play")).toBe(isAsked);
    expect(commands.some(({ type }) => type === "bridge")).toBe(!isAsked);
  });
});

function read(step: object) {
  return resolveOffice([
    {
      office: { name: "Test", country: "US", timezone: "UTC" },
      carriers: [{ id: "main", proxy: "sip.example.net" }],
      users: [{ username: "alice.wong", name: "Alice", no_answer: [{ hangup: "busy" }] }],
      numbers: [
        { number: "+12125550100", steps: [step] },
        { number: "+12125550101", steps: [{ hangup: "busy" }] },
      ],
    },
  ]);
}

describe("a file", () => {
  it("says who is asked at a number outside", () => {
    const { office: whole } = read({ send: `number:${MOBILE}`, accept: "never" });
    const [entry] = whole?.numbers ?? [];
    expect(entry?.leadsTo).toEqual({
      kind: "steps",
      steps: [{ kind: "send", target: { kind: "number", number: MOBILE }, accept: "never" }],
    });
  });

  it.each(["user:alice.wong", "number:+12125550101"])("does not say so of %s", (send) => {
    const { office: whole, problems } = read({ send, accept: "never" });
    expect(whole).toBeUndefined();
    const errors = problems.filter(({ severity }) => severity === "error");
    expect(errors).toMatchObject([
      { code: "wrong_value", at: { path: ["numbers", 0, "steps", 0, "accept"] } },
    ]);
  });
});
