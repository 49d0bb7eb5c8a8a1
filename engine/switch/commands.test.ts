/**
 * Goal: every command has exactly the right text, and no text from outside changes its structure. Method: golden texts,
 * and a small model of the switch's tokenizers (switch_utils.c, switch_event.c), written from their source, which must
 * find the intended arguments in every command.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as commands from "./commands.js";
import { encode } from "./encode.js";
import { CommandError, isDialableContact, NAME_CHARACTERS_MAX, reduceName, shownName } from "./safe-text.js";
import { ringbackTone } from "./tones.js";
import type { WireCommand } from "./wire.js";

const A = "aaaaaaaa-0000-4000-8000-00000000000a";
const B = "bbbbbbbb-0000-4000-8000-00000000000b";
const E = "eeeeeeee-0000-4000-8000-00000000000e";

const contact =
  "sofia/phones/sip:alice@10.0.0.7:5060;transport=udp;fs_nat=yes;fs_path=sip%3A203.0.113.9%3A1024";

function originate(more: Partial<commands.OriginateOptions> = {}): WireCommand {
  return commands.originate({
    legId: B,
    jobId: E,
    dial: { kind: "contact", url: contact },
    timeoutMs: 20_000,
    callerName: "Jane Roe",
    callerNumber: "+12125550144",
    ...more,
  });
}

const lineOf = (command: WireCommand): string =>
  command.verb === "api" || command.verb === "bgapi" ? command.line : "";

describe("each command, as it goes over the wire", () => {
  const execute = (app: string, argument: string) =>
    `sendmsg ${A}\ncall-command: execute\nexecute-app-name: ${app}\nexecute-app-arg: ${argument}\nevent-lock: true\nEvent-UUID: ${E}`;

  it.each<[string, WireCommand, string]>([
    [
      "a contact is rung",
      originate(),
      `bgapi originate {origination_uuid=${B},ignore_early_media=true,outbound_redirect_fatal=true,originate_timeout=21,no_throttle_limits=true,origination_caller_id_name='Jane Roe',origination_caller_id_number=+12125550144}${contact} &park()\nJob-UUID: ${E}`,
    ],
    [
      "a contact on TLS is rung with an offer of SRTP",
      originate({ dial: { kind: "contact", url: "sofia/phones/sip:alice@10.0.0.7:5061;transport=tls" } }),
      `bgapi originate {origination_uuid=${B},ignore_early_media=true,outbound_redirect_fatal=true,originate_timeout=21,no_throttle_limits=true,origination_caller_id_name='Jane Roe',origination_caller_id_number=+12125550144,rtp_secure_media=optional}sofia/phones/sip:alice@10.0.0.7:5061;transport=tls &park()\nJob-UUID: ${E}`,
    ],
    ...(
      [
        ["required", "", "mandatory"],
        ["optional", "", "optional"],
        ["never", ";transport=tls", "forbidden"],
      ] as const
    ).map(([srtp, transport, word]): [string, WireCommand, string] => [
      `a contact${transport} with srtp: ${srtp}`,
      originate({ dial: { kind: "contact", url: `sofia/phones/sip:alice@10.0.0.7:5061${transport}`, srtp } }),
      `bgapi originate {origination_uuid=${B},ignore_early_media=true,outbound_redirect_fatal=true,originate_timeout=21,no_throttle_limits=true,origination_caller_id_name='Jane Roe',origination_caller_id_number=+12125550144,rtp_secure_media=${word}}sofia/phones/sip:alice@10.0.0.7:5061${transport} &park()\nJob-UUID: ${E}`,
    ]),
    [
      "a number is rung through a carrier, with everything an outside phone gets",
      originate({
        dial: { kind: "gateway", carrier: "main", number: "+19175550144" },
        timeoutMs: 20_001,
        diversion: "+12125550100",
        asserted: "+12125550100",
        domain: "sip.example.net",
        codecs: ["PCMU", "PCMA"],
        variables: {
          park_timeout: "45:NORMAL_CLEARING",
          api_hangup_hook: "sched_hangup +45 ALLOTTED_TIMEOUT",
          ringline_call: A,
        },
      }),
      `bgapi originate {origination_uuid=${B},ignore_early_media=true,outbound_redirect_fatal=true,originate_timeout=22,no_throttle_limits=true,origination_caller_id_name='Jane Roe',origination_caller_id_number=+12125550144,sip_h_Diversion='<sip:+12125550100@sip.example.net>;reason=unconditional',sip_h_P-Asserted-Identity='<sip:+12125550100@sip.example.net>',absolute_codec_string=^^:PCMU:PCMA,park_timeout=45:NORMAL_CLEARING,api_hangup_hook='sched_hangup +45 ALLOTTED_TIMEOUT',ringline_call=${A}}sofia/gateway/main/+19175550144 &park()\nJob-UUID: ${E}`,
    ],
    ["kill", commands.kill(A, "LOSE_RACE"), `api uuid_kill ${A} LOSE_RACE`],
    ["bridge", commands.bridge(A, B), `api uuid_bridge ${A} ${B}`],
    ["answer", commands.answer(A), `api uuid_answer ${A}`],
    [
      "set variables",
      commands.setVariables(A, {
        park_after_bridge: "true",
        park_timeout: "10:NORMAL_CLEARING",
        ringline_state: "",
      }),
      `api uuid_setvar_multi ${A} park_after_bridge=true;park_timeout=10:NORMAL_CLEARING;ringline_state=`,
    ],
    ["dump", commands.dump(A), `api uuid_dump ${A} json`],
    ["exists", commands.exists(A), `api uuid_exists ${A}`],
    ["uptime", commands.uptime(), "api uptime"],
    ["break", commands.breakAll(A), `api uuid_break ${A} all`],
    [
      "forget what is remembered of a phone",
      commands.flushUser("alice-desk", "ringline"),
      "api xml_flush_cache id alice-desk ringline",
    ],
    ["forget what is remembered of all", commands.flushAllUsers(), "api xml_flush_cache"],
    [
      "sign a phone out",
      commands.flushRegistrations("phones", "alice-desk", "ringline"),
      "api sofia profile phones flush_inbound_reg alice-desk@ringline",
    ],
    [
      "a variable of the configuration",
      commands.globalVariable("ringline_domain"),
      "api global_getvar ringline_domain",
    ],
    [
      "a note on the switch",
      commands.setGlobalVariable("ringline_carriers_list", "none"),
      "api global_setvar ringline_carriers_list=none",
    ],
    ["the state of all gateways", commands.sofiaXmlStatusGateways(), "api sofia xmlstatus gateway"],
    [
      "a variable of a gateway",
      commands.gatewayVariable("main.2", "ringline_settings"),
      "api sofia_gateway_data main.2 ivar ringline_settings",
    ],
    [
      "delete a gateway",
      commands.killGateway("carriers", "main.2"),
      "api sofia profile carriers killgw main.2",
    ],
    [
      "register a gateway anew",
      commands.registerGateway("carriers", "main"),
      "api sofia profile carriers register main",
    ],
    [
      "ask for gateways",
      commands.rescanProfile("carriers", A),
      `bgapi sofia profile carriers rescan\nJob-UUID: ${A}`,
    ],
    ["ask for addresses", commands.reloadAcl(A), `bgapi reloadacl\nJob-UUID: ${A}`],
    ["flush digits", commands.flushDtmf(A), `api uuid_flush_dtmf ${A}`],
    ["transfer", commands.transfer(A, "101", "phones"), `api uuid_transfer ${A} 101 XML phones`],
    ["play one sound", commands.playback(A, ["en/closed.wav"], E), execute("playback", "en/closed.wav")],
    [
      "play several, twice",
      commands.playback(A, ["/s/a.wav", "/s/b.wav"], E, 2),
      `${execute("playback", "file_string:///s/a.wav!/s/b.wav")}\nloops: 2`,
    ],
    [
      "ring back",
      commands.ringback(A, "us", E),
      execute("playback", "tone_stream://%(2000,4000,440,480);loops=-1"),
    ],
    [
      "record",
      commands.record(A, {
        eventId: E,
        path: "/rec/a.wav",
        limitSeconds: 180,
        threshold: 200,
        silenceSeconds: 5,
      }),
      execute("record", "/rec/a.wav 180 200 5"),
    ],
    ["take it back", commands.schedDel(A), `api sched_del ${A}`],
    ["take one task back", commands.schedDel("17"), "api sched_del 17"],
    [
      "run later",
      commands.schedApi(6, "lease-1", commands.hashDeleteIfMatch("alive", "main", "x")),
      "api sched_api +6 lease-1 hash delete_ifmatch/alive/main/x",
    ],
    ["claim", commands.hashInsertIfEmpty("claim", A, "me"), `api hash insert_ifempty/claim/${A}/me`],
    ["select", commands.hashSelect("alive", "main"), "api hash select/alive/main"],
    ["list", commands.hashList("alive"), "api hash_dump db alive"],
    ["list channels", commands.showChannels(), "api show channels as json"],
    [
      "list a profile's registrations",
      commands.sofiaXmlStatusReg("phones"),
      "api sofia xmlstatus profile phones reg",
    ],
    [
      "hang up a group",
      commands.hupallVar("LOSE_RACE", "ringline_call", A),
      `api hupall LOSE_RACE ringline_call ${A}`,
    ],
  ])("%s", (_what, command, text) => {
    expect(encode(command)).toMatchObject({ ok: true, packet: `${text}\n\n` });
  });

  it("rings no shorter than asked: the switch's limit has whole seconds and may fire one early", () => {
    for (const [timeoutMs, seconds] of [
      [1, 2],
      [1_000, 2],
      [1_001, 3],
      [600_000, 601],
    ] as const)
      expect(lineOf(originate({ timeoutMs }))).toContain(`,originate_timeout=${seconds},`);
  });
});

describe("what our own code must never ask for", () => {
  it.each<[string, () => unknown]>([
    ["a uuid that is none", () => commands.kill("x y", "NORMAL_CLEARING")],
    ["two uuids in one", () => commands.answer(`${A} ${B}`)],
    ["a cause that is none", () => commands.kill(A, "BUSY" as never)],
    ["a contact that forks", () => originate({ dial: { kind: "contact", url: `${contact},error/x` } })],
    [
      "a number with a letter",
      () => originate({ dial: { kind: "gateway", carrier: "main", number: "1;x" } }),
    ],
    ["a carrier with a slash", () => originate({ dial: { kind: "gateway", carrier: "a/b", number: "1" } })],
    ["a gateway with a blank", () => commands.killGateway("carriers", "main other")],
    ["every gateway", () => commands.killGateway("carriers", "_all_")],
    ["no gateway", () => commands.registerGateway("carriers", "")],
    ["no time at all", () => originate({ timeoutMs: 0 })],
    ["endless time", () => originate({ timeoutMs: Number.POSITIVE_INFINITY })],
    ["a variable that is not ours", () => commands.setVariables(A, { sip_h_X: "1" } as never)],
    ["a variable with a separator", () => commands.setVariables(A, { ringline_x: "a;b=c" })],
    ["a variable that expands", () => commands.setVariables(A, { ringline_x: "${system(x)}" })],
    ["no variables", () => commands.setVariables(A, {})],
    [
      "more variables than the switch reads",
      () =>
        commands.setVariables(
          A,
          Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`ringline_v${n}`, "1"])),
        ),
    ],
    ["a path out of the folder", () => commands.playback(A, ["../etc/passwd"], E)],
    ["a path that expands", () => commands.playback(A, ["${x}.wav"], E)],
    ["a list inside a path", () => commands.playback(A, ["a.wav!b.wav"], E)],
    ["a stream instead of a file", () => commands.playback(A, ["tone_stream://x"], E)],
    ["no sound", () => commands.playback(A, [], E)],
    [
      "a recording beside the switch's sounds",
      () =>
        commands.record(A, { eventId: E, path: "a.wav", limitSeconds: 1, threshold: 1, silenceSeconds: 1 }),
    ],
    ["a hash key with a slash", () => commands.hashInsertIfEmpty("a", "b/c", "d")],
    ["a hash key that another realm could share", () => commands.hashInsertIfEmpty("a", "b_c", "d")],
    ["a command now instead of later", () => commands.schedApi(0, "g", { verb: "api", line: "status" })],
    ["a fraction of a second", () => commands.schedApi(1.5, "g", { verb: "api", line: "status" })],
    ["hanging up everybody", () => commands.hupallVar("NORMAL_CLEARING", "ringline_call", "")],
    [
      "a scheduled command with a thread of its own",
      () => commands.schedApi(1, "g", { verb: "api", line: "status&" }),
    ],
  ])("%s", (_what, build) => {
    expect(build).toThrow(CommandError);
  });
});

describe("names and contacts from outside", () => {
  it.each([
    ["Jane Roe", "Jane Roe"],
    ["  Doe,\t John  ", "Doe John"],
    ["Zoë Müller", "Zoë Müller"],
    ["東京 支店", "東京 支店"],
    ["O'Brien", "O Brien"],
    ["${system(rm)}", "system rm"],
    ["a\r\nX: b", "a X b"],
    ["reload mod_event_socket", "reload mod event socket"],
    ["UnLoader", "UnLoader"],
    ["\ud800", ""],
    ["'\"\\{}[]<>|=,;:", ""],
    ["x".repeat(100), "x".repeat(NAME_CHARACTERS_MAX)],
  ])("%j is shown as %j", (text, shown) => {
    expect(reduceName(text)).toBe(shown);
  });

  it.each([
    ["Pat O'Brien", "Pat O'Brien"],
    ["Zoë O’Hara", "Zoë O’Hara"],
    ["AT&T", "AT&T"],
    ["Sales: Jane Roe", "Sales: Jane Roe"],
    ["Reload Fitness", "Reload Fitness"],
    ["The 'Unloading' Bay", "The 'Unloading' Bay"],
    ["reload Mod_Event_Socket now", "reload mod event socket now"],
    ["a:_:b", "a _ b"],
    ["x' originate_timeout='1", "x' originate_timeout '1"],
    ["'", ""],
    ["&&:", ""],
    ["'\"\\{}[]<>|=,;:", ""],
    ["O'".repeat(100), "O'".repeat(NAME_CHARACTERS_MAX / 2)],
  ])("%j is on displays as %j", (text, shown) => {
    expect(shownName(text)).toBe(shown);
  });

  it.each([
    [contact, true],
    ["sofia/phones/sips:bob@example.com", true],
    ["sofia/phones/sip:bob%20x;y=1@127.0.0.1:22104;ob", true],
    ["sofia/phones/sip:x@127.0.0.1:5060;a=']},{[error/x", false],
    ["sofia/phones/sip:x:_:error@127.0.0.1", false],
    ["sofia/phones/sip:x@127.0.0.1^other", false],
    ["sofia/phones/sip:x@[2001:db8::1]:5060", false],
    ["sofia/phones/sip:${x}@127.0.0.1", false],
    ["sofia/phones/sip:x@127.0.0.1 &hangup()", false],
    ["error/user_not_registered", false],
    ["sofia/phones/tel:1", false],
    ["", false],
  ])("%s may be dialled: %s", (url, dialable) => {
    expect(isDialableContact(url)).toBe(dialable);
  });

  it.each([
    ["US", "%(2000,4000,440,480)"],
    ["gb", "%(400,200,400,450);%(400,2000,400,450)"],
    ["DE", "%(1000,4000,425)"],
    ["toString", "%(1000,4000,425)"],
  ])("a caller in %s hears its ringing without end", (country, tone) => {
    expect(ringbackTone(country)).toBe(`tone_stream://${tone};loops=-1`);
  });
});

/** cleanup_separated_string: strips quotes, outer spaces and escapes. */
function cleanUp(text: string, delimiter: string): string {
  let out = "";
  let kept = 0;
  let quoted = false;
  const start = text.replace(/^ */, "");
  for (let at = 0; at < start.length; at += 1) {
    const now = start.charAt(at);
    const next = start.charAt(at + 1);
    const escapes: Record<string, string> = {
      n: "\n",
      r: "\r",
      t: "\t",
      s: " ",
      "'": "'",
      '"': '"',
      "\\": "\\",
    };
    const escaped = next !== "" && next === delimiter ? next : escapes[next];
    if (now === "\\" && escaped !== undefined) {
      out += escaped;
      kept = out.length;
      at += 1;
    } else if (now === "'" && (quoted || start.includes("'", at + 1))) {
      quoted = !quoted;
      if (quoted) kept = out.length;
    } else {
      out += now;
      if (now !== " " || quoted) kept = out.length;
    }
  }
  return out.slice(0, kept);
}

/** separate_string_char_delim and separate_string_blank_delim, in one: a lone quote opens only for blanks. */
function separate(text: string, delimiter: string, max: number): string[] {
  const blank = delimiter === " ";
  if (text.startsWith("^^") && text.length > 3) return separate(text.slice(3), text.charAt(2), max);
  const parts: string[] = [];
  let from = 0;
  let quoted = false;
  for (let at = 0; at < text.length && parts.length < max - 1; at += 1) {
    const now = text.charAt(at);
    // The tokenizer skips the first character of a token unexamined (state START), except blanks.
    if (at === from && !blank) continue;
    if (now === "\\") at += 1;
    else if (now === "'" && (blank || quoted || text.includes("'", at + 1))) quoted = !quoted;
    else if (now === delimiter && !quoted) {
      parts.push(text.slice(from, at));
      while (blank && text.charAt(at + 1) === " ") at += 1;
      from = at + 1;
    }
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts.map((part) => cleanUp(part, blank ? "" : delimiter));
}

/** Parses an originate as the switch does: mod_commands.c, then switch_event_create_brackets. */
function understand(line: string) {
  const words = separate(line.replace(/^originate /, ""), " ", 10);
  const dial = words[0] ?? "";
  let depth = 0;
  let end = -1;
  for (let at = 0; at < dial.length && end < 0; at += 1) {
    if (dial.charAt(at) === "{") depth += 1;
    if (dial.charAt(at) === "}") depth -= 1;
    if (depth === 0) end = at;
  }
  const pairs = separate(dial.slice(1, end), ",", 1024).map((pair) => separate(pair, "=", 2));
  const rest = dial.slice(end + 1);
  const legs = rest
    .split(":_:")
    .flatMap((one) => separate(one, "|", 128).flatMap((or) => separate(or, ",", 128)));
  return { words, pairs, legs };
}

describe("the model of the switch's tokenizers", () => {
  it.each([
    ["{a='Doe, John'}x &park()", [["a", "Doe"], ["John"]]],
    ["{a='Doe\\, John'}x &park()", [["a", "Doe, John"]]],
    [
      "{a=b,c='d e'}x &park()",
      [
        ["a", "b"],
        ["c", "d e"],
      ],
    ],
    [
      "{^^;a=1;b=x,y}x &park()",
      [
        ["a", "1"],
        ["b", "x,y"],
      ],
    ],
  ])("takes %s apart as the switch was seen to", (line, pairs) => {
    expect(understand(`originate ${line}`).pairs).toEqual(pairs);
  });

  it("sees a brace that breaks out, and a fork", () => {
    expect(understand("originate {a=x}error/y}x &park()").legs).toEqual(["error/y}x"]);
    expect(understand("originate {a=x}y,z|w &park()").legs).toEqual(["y", "z", "w"]);
  });
});

describe("hostile text", () => {
  const hostile = fc.string({
    unit: fc.constantFrom(
      ..."aZ09é東🙂 '\"\\{}[]<>|=,;:^&$()%/+#*@~!?\n\r\t\0_-.",
      "${",
      "^^",
      ":_:",
      "\\n",
      "&park()",
      "unload",
      "mod_event_socket",
      "}error/x",
      "\ud800",
    ),
    maxLength: 30,
  });

  it("in a caller's name or number changes nothing but what is shown", () => {
    fc.assert(
      fc.property(hostile, hostile, (callerName, callerNumber) => {
        const command = originate({ callerName, callerNumber });
        expect(encode(command).ok).toBe(true);
        const { words, pairs, legs } = understand(lineOf(command));
        expect(words).toHaveLength(2);
        expect(words[1]).toBe("&park()");
        expect(legs).toEqual([contact]);
        const number = /^\+?[0-9*#]{1,32}$/.test(callerNumber) ? callerNumber : "anonymous";
        expect(pairs).toEqual([
          ["origination_uuid", B],
          ["ignore_early_media", "true"],
          ["outbound_redirect_fatal", "true"],
          ["originate_timeout", "21"],
          ["no_throttle_limits", "true"],
          ["origination_caller_id_name", reduceName(callerName) || number],
          ["origination_caller_id_number", number],
          ...(["", reduceName(callerName)].includes(shownName(callerName))
            ? []
            : [["sip_from_display", shownName(callerName)]]),
        ]);
        expect(lineOf(command)).not.toMatch(/\$\{|mod_event_socket/i);
      }),
      { numRuns: 2_000 },
    );
  });

  it("in a contact is either refused, or rings exactly that contact", () => {
    const contacts = fc
      .tuple(hostile, hostile)
      .map(([user, rest]) => `sofia/phones/sip:${user}@127.0.0.1${rest}`);
    fc.assert(
      fc.property(contacts, (url) => {
        if (!isDialableContact(url)) {
          expect(() => originate({ dial: { kind: "contact", url } })).toThrow(CommandError);
          return;
        }
        const { words, legs } = understand(lineOf(originate({ dial: { kind: "contact", url } })));
        expect(words).toHaveLength(2);
        expect(legs).toEqual([url]);
      }),
      { numRuns: 2_000 },
    );
  });

  it("in a variable is either refused, or set as it is", () => {
    fc.assert(
      fc.property(hostile, hostile, (first, second) => {
        const build = () => commands.setVariables(A, { ringline_a: first, ringline_b: second });
        let line: string;
        try {
          line = lineOf(build());
        } catch (error) {
          expect(error).toBeInstanceOf(CommandError);
          return;
        }
        const pairs = line.slice(`uuid_setvar_multi ${A} `.length);
        expect(separate(pairs, ";", 64).map((pair) => pair.split("=")[0])).toEqual([
          "ringline_a",
          "ringline_b",
        ]);
      }),
      { numRuns: 2_000 },
    );
  });
});
