/** Which legs are ended because their caller is gone, and which are left alone. */
import { describe, expect, it } from "vitest";
import type { Reply, WireCommand } from "../switch/wire.js";
import { LooseLegs } from "./loose-legs.js";

const LEG = "11111111-2222-4333-8444-000000000001";
const CALLER = "11111111-2222-4333-8444-000000000002";
const OTHER = "11111111-2222-4333-8444-000000000003";
const ok = (text: string): Reply => ({ outcome: "ok", text });
const UNKNOWN: Reply = { outcome: "unknown", text: "no reply" };

const RINGING = { "Answer-State": "ringing", "Channel-State": "CS_CONSUME_MEDIA" };
const PARKED = {
  "Answer-State": "answered",
  "Channel-State": "CS_EXECUTE",
  variable_current_application: "park",
};
/** As the list, which lags, does not show it yet. */
const TRANSFERRED = { ...PARKED, "Caller-Context": "phones" };
const BRIDGED = {
  "Answer-State": "answered",
  "Channel-State": "CS_EXCHANGE_MEDIA",
  variable_bridge_to: OTHER,
};
const BETWEEN = { "Answer-State": "answered", "Channel-State": "CS_RESET" };

interface Switch {
  readonly mark?: Reply;
  readonly exists?: Reply;
  readonly dump?: Reply | Readonly<Record<string, string>>;
}

function looksAt(
  here: Switch,
  options: { readonly looks?: number; readonly listed?: readonly string[]; readonly isTended?: boolean } = {},
) {
  const lines: string[] = [];
  const { mark = ok(CALLER), exists = ok("false"), dump = RINGING } = here;
  const answer = (line: string): Reply => {
    if (line.startsWith("uuid_getvar")) return mark;
    if (line.startsWith("uuid_exists")) return exists;
    if (!line.startsWith("uuid_dump")) return ok("+OK");
    return "outcome" in dump ? (dump as Reply) : ok(JSON.stringify({ "Unique-ID": LEG, ...dump }));
  };
  const paced = {
    send: (command: WireCommand, done: (reply: Reply) => void) => {
      const line = command.verb === "api" ? command.line : "";
      lines.push(line);
      done(answer(line));
    },
  };
  const legs = new LooseLegs({ paced, isTended: () => options.isTended === true });
  for (let look = 0; look < (options.looks ?? 1); look += 1)
    legs.look({ callers: new Set(options.listed ?? []), others: new Set([LEG]) });
  return { lines, killed: lines.filter((line) => line.startsWith("uuid_kill")) };
}

describe("a leg whose caller is gone", () => {
  it.each([
    ["that rings", RINGING, `uuid_kill ${LEG} ORIGINATOR_CANCEL`],
    ["that waits in park", PARKED, `uuid_kill ${LEG} NORMAL_CLEARING`],
  ])("%s is ended", (_which, dump, kill) => {
    expect(looksAt({ dump }).killed).toEqual([kill]);
  });

  it("that talks to another caller is left alone, however often it is looked at", () => {
    expect(looksAt({ dump: BRIDGED }, { looks: 5 }).killed).toEqual([]);
  });

  it("that may be between two bridges is ended when it is so at the next look, too", () => {
    expect(looksAt({ dump: BETWEEN }).killed).toEqual([]);
    expect(looksAt({ dump: BETWEEN }, { looks: 2 }).killed).toEqual([`uuid_kill ${LEG} NORMAL_CLEARING`]);
  });
});

describe("a leg is left alone", () => {
  it.each<[string, Switch, object]>([
    ["that a call of this engine has", {}, { isTended: true }],
    ["whose caller is listed", {}, { listed: [CALLER] }],
    ["whose caller is there", { exists: ok("true") }, {}],
    ["that is none of ours", { mark: ok("_undef_") }, {}],
    ["of which nobody says whose it is", { mark: UNKNOWN }, {}],
    ["of whose caller nobody says whether they are there", { exists: UNKNOWN }, {}],
    ["of whose caller the switch says something else", { exists: ok("") }, {}],
    ["that a phone has transferred, so that it is a caller now", { dump: TRANSFERRED }, {}],
    ["whose dump does not come", { dump: UNKNOWN }, {}],
    ["whose dump is broken", { dump: ok('{"Unique-ID":') }, {}],
  ])("%s", (_which, here, options) => {
    expect(looksAt(here, options).killed).toEqual([]);
  });

  it("and not asked about again, when it is none of ours", () => {
    expect(looksAt({ mark: ok("_undef_") }, { looks: 3 }).lines).toHaveLength(1);
  });
});
