/**
 * Goal: what the switch writes of its gateways is read as it is, and anything else makes a field unknown, never wrong.
 * Method: the text of a real FreeSWITCH 1.10.12, with one thing changed, and texts that no switch writes.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isRegistered, REGISTRATION_STATES, readGatewayRows, readGateways } from "./status-gateways.js";

/** `sofia xmlstatus gateway` of FreeSWITCH 1.10.12, for a gateway whose registration was refused. */
const REFUSED = `<?xml version="1.0" encoding="ISO-8859-1"?>
<gateways>
  <gateway>
    <name>main</name>
    <profile>carriers</profile>
    <scheme>Digest</scheme>
    <realm>127.0.0.1:26005</realm>
    <username>acme</username>
    <password>yes</password>
    <from>&lt;sip:acme@127.0.0.1:26005&gt;</from>
    <contact>&lt;sip:gw+main@127.0.0.1:26003;transport=tcp;gw=main&gt;</contact>
    <exten>acme</exten>
    <to>sip:acme@127.0.0.1:26005</to>
    <proxy>sip:127.0.0.1:26005</proxy>
    <context>inbound</context>
    <expires>3600</expires>
    <freq>3600</freq>
    <ping>1796037342</ping>
    <pingfreq>25</pingfreq>
    <pingmin>1</pingmin>
    <pingcount>1</pingcount>
    <pingmax>1</pingmax>
    <pingtime>12.54</pingtime>
    <pinging>0</pinging>
    <state>FAIL_WAIT</state>
    <status>DOWN</status>
    <uptime-usec>0</uptime-usec>
    <calls-in>14</calls-in>
    <calls-out>9</calls-out>
    <failed-calls-in>2</failed-calls-in>
    <failed-calls-out>1</failed-calls-out>
    <retry>25s</retry>
  </gateway>
</gateways>
`;

const READ = {
  name: "main",
  profile: "carriers",
  state: "FAIL_WAIT",
  isUp: false,
  proxy: "sip:127.0.0.1:26005",
  transport: "tcp",
  username: "acme",
  hasPassword: true,
  isPinged: true,
  pingMs: 13,
  callsIn: 14,
  callsOut: 9,
  failedIn: 2,
  failedOut: 1,
  retryInS: 25,
};

/** The text with the line of one field replaced. */
function withField(field: string, line: string): string {
  const changed = REFUSED.replace(new RegExp(`    <${field}>.*\n`), line);
  if (changed === REFUSED) throw new Error(`no field ${field}`);
  return changed;
}

describe("the switch's text about its gateways", () => {
  it("is read", () => {
    expect(readGatewayRows(REFUSED)).toEqual([READ]);
  });

  it("may be about no gateway", () => {
    expect(readGatewayRows('<?xml version="1.0"?>\n<gateways>\n</gateways>\n')).toEqual([]);
  });

  it.each([
    ["state", "    <state>REGISTERED</state>\n", { state: null }],
    ["state", "", { state: null }],
    ["status", "    <status>up</status>\n", { isUp: null }],
    ["calls-in", "    <calls-in>-1</calls-in>\n", { callsIn: null }],
    ["calls-in", "    <calls-in>1e3</calls-in>\n", { callsIn: null }],
    ["calls-out", "    <calls-out></calls-out>\n", { callsOut: null }],
    ["pingtime", "    <pingtime>nan</pingtime>\n", { pingMs: 0 }],
    ["pingcount", "    <pingcount>0</pingcount>\n", { pingMs: null }],
    ["pingfreq", "    <pingfreq>0</pingfreq>\n", { isPinged: false }],
    ["pingfreq", "", { isPinged: null }],
    ["retry", "    <retry>NEVER</retry>\n", { retryInS: null }],
    ["contact", "", { transport: null }],
    ["password", "    <password>secret</password>\n", { hasPassword: null }],
    ["username", "    <username>a&b</state><x></username>\n", { username: "a&b</state><x>" }],
    // The switch does not escape these values: what stands in one is no other field.
    [
      "realm",
      "    <realm>x</realm><state>REGED</state></realm>\n    <realm>y</realm>\n",
      { state: "FAIL_WAIT" },
    ],
    ["to", "    <to>sip:a@b</to>\n    <status>UP</status>\n", { isUp: true }],
  ] as const)("with another %s (%j) has that field changed, and no other", (field, line, changed) => {
    expect(readGatewayRows(withField(field, line))).toEqual([{ ...READ, ...changed }]);
  });

  it("counts a gateway whose end is missing as none, and one without a name", () => {
    expect(readGatewayRows(REFUSED.slice(0, REFUSED.indexOf("    <retry>")))).toEqual([]);
    expect(readGatewayRows(withField("name", ""))).toEqual([]);
  });

  it.each(["", "Invalid Gateway!\n", "-ERR no reply", "<html></html>", "<profile>"])(
    "is no such text: %j",
    (text) => {
      expect(readGatewayRows(text)).toBeNull();
    },
  );

  it("may be any text at all", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...REFUSED.split("\n"), "<", "\r", "\u202e")), (lines) => {
        for (const row of readGatewayRows(lines.join("\n")) ?? []) {
          expect(row.name).toBe("main");
          for (const [key, value] of Object.entries(row))
            expect([null, READ[key as keyof typeof READ]]).toContain(
              key === "pingMs" && value === 0 ? null : value,
            );
        }
      }),
    );
  });

  it("is not known when the switch does not answer in time, or refuses", async () => {
    for (const outcome of ["unknown", "refused"] as const)
      expect(await readGateways({ ask: async () => ({ outcome, text: REFUSED }) })).toBeNull();
    expect(await readGateways({ ask: async () => ({ outcome: "ok", text: REFUSED }) })).toEqual([READ]);
  });
});

describe("a registration", () => {
  it.each(REGISTRATION_STATES.map((state) => [state]))("in state %s", (state) => {
    const expected = state === "NOREG" ? null : state === "REGED" || state === "REGISTER";
    expect(isRegistered({ state })).toBe(expected);
  });
});
