/** The event socket's lag is known, and a command that fails is logged by what it was for, never by its text. */
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import * as commands from "../switch/commands.js";
import { purposeOf } from "../switch/purpose.js";
import type { Reply, WireCommand } from "../switch/wire.js";
import { SocketWatch } from "./socket-watch.js";

const CALL = "aaaaaaaa-0000-4000-8000-00000000000a";
const LEG = "bbbbbbbb-0000-4000-8000-00000000000b";
const ID = "eeeeeeee-0000-4000-8000-00000000000e";
const SECRET = "+12125550144";

const dial = commands.originate({
  legId: LEG,
  jobId: LEG,
  dial: { kind: "gateway", carrier: "main", number: SECRET },
  timeoutMs: 20_000,
  callerName: "Jane Roe",
  callerNumber: "+19175550199",
});

function watching() {
  const clock = new VirtualClock(1_700_000_000_000);
  const logged: Array<Record<string, unknown>> = [];
  const measured: unknown[][] = [];
  const watch = new SocketWatch({
    clock,
    log: pino({ level: "debug", base: null }, { write: (line) => logged.push(JSON.parse(line)) }),
    callOf: (channel) => (channel === LEG ? CALL : undefined),
    measures: {
      replied: (...args) => measured.push(args),
      eventCame: (...args) => measured.push(args),
    },
  });
  const event = (lagMs: number) =>
    watch.event({
      "Event-Name": "HEARTBEAT",
      "Event-Date-Timestamp": String((clock.nowMs() - lagMs) * 1000),
    });
  return { clock, logged, measured, watch, event };
}

const LEVEL: Readonly<Record<number, string>> = { 20: "debug", 40: "warn" };

describe("a command that fails", () => {
  it.each<[string, WireCommand, Reply, object]>([
    [
      "a phone that cannot be rung",
      dial,
      { outcome: "refused", text: "-ERR Maximum" },
      { level: "warn", call: CALL, channel: LEG, for: "ring a phone", msg: "the switch refuses a command" },
    ],
    [
      "no answer at all",
      commands.answer(CALL),
      { outcome: "unknown", text: "no reply within 5000 ms" },
      { level: "warn", call: CALL, for: "answer the caller", msg: "the switch does not answer a command" },
    ],
    [
      "a leg that has just ended",
      commands.kill(LEG, "LOSE_RACE"),
      { outcome: "refused", text: "-ERR No such channel!" },
      { level: "debug", call: CALL, channel: LEG, for: "end a channel" },
    ],
    [
      "a claim that another engine has",
      commands.hashInsertIfEmpty("ringline", CALL, "engine-1"),
      { outcome: "refused", text: "-ERR key already exists" },
      { level: "debug", call: CALL, for: "claim a call" },
    ],
    [
      "a connection that is gone",
      commands.setVariables(CALL, { ringline_state: SECRET }),
      { outcome: "unknown", text: "not sent: no connection to the switch" },
      { level: "debug", call: CALL, for: "set variables of a channel", msg: "a command was lost" },
    ],
    [
      "a sound that cannot be queued",
      commands.playback(CALL, ["/a.wav"], ID),
      { outcome: "refused", text: "-ERR out of memory" },
      { level: "warn", call: CALL, for: "play a sound" },
    ],
  ])("%s is logged with what it was for", (_what, command, reply, expected) => {
    const { watch, logged } = watching();
    watch.replied(command, 4, reply);
    expect(logged).toHaveLength(1);
    const [{ level, ...line } = {}] = logged;
    expect({ ...line, level: LEVEL[Number(level)] }).toMatchObject(expected);
    expect(JSON.stringify(logged)).not.toContain(SECRET);
    expect(JSON.stringify(logged)).not.toContain("Jane");
  });

  it("is not logged when it did not fail", () => {
    const { watch, logged, measured } = watching();
    watch.replied(dial, 4, { outcome: "ok", text: "+OK Job-UUID" });
    expect(logged).toEqual([]);
    expect(measured).toEqual([["ok", 4]]);
  });
});

/** One of each builder: a new one must be added here, or the test below names it. */
const EACH: Readonly<Record<string, WireCommand | readonly WireCommand[]>> = {
  originate: dial,
  originateToDialplan: commands.originateToDialplan({
    jobId: LEG,
    legs: [
      {
        legId: LEG,
        dial: { kind: "contact", url: "sofia/phones/sip:jane@192.0.2.7:5060" },
        variables: {},
      },
    ],
    timeoutMs: 20_000,
    callerName: "Jane Roe",
    callerNumber: SECRET,
    variables: {},
    dialled: SECRET,
    context: "phones",
  }),
  kill: commands.kill(CALL, "NORMAL_CLEARING"),
  bridge: commands.bridge(CALL, LEG),
  answer: commands.answer(CALL),
  preAnswer: commands.preAnswer(CALL),
  setVariables: commands.setVariables(CALL, { ringline_state: "x" }),
  dump: commands.dump(CALL),
  uptime: commands.uptime(),
  exists: commands.exists(CALL),
  breakAll: commands.breakAll(CALL),
  flushDtmf: commands.flushDtmf(CALL),
  listenForTones: [commands.listenForTones(CALL, true, ID), commands.listenForTones(CALL, false, ID)],
  transfer: commands.transfer(CALL, "fallback", "ringline"),
  playback: commands.playback(CALL, ["/a.wav"], ID),
  ringback: commands.ringback(CALL, "US", ID),
  record: commands.record(CALL, {
    eventId: ID,
    path: "/a.wav",
    limitSeconds: 1,
    threshold: 0,
    silenceSeconds: 0,
  }),
  schedDel: commands.schedDel(CALL),
  schedApi: commands.schedApi(1, "group", commands.hupallVar("NORMAL_CLEARING", "ringline_call", CALL)),
  schedHangup: commands.schedHangup(1, CALL, "NORMAL_CLEARING"),
  notifyTransfer: commands.notifyTransfer(CALL, "refer", 200),
  hashInsertIfEmpty: commands.hashInsertIfEmpty("ringline", CALL, "e"),
  hashDeleteIfMatch: commands.hashDeleteIfMatch("ringline", CALL, "e"),
  hashSelect: commands.hashSelect("ringline", CALL),
  hashList: commands.hashList("ringline"),
  restartProfile: commands.restartProfile("phones"),
  showChannels: commands.showChannels(),
  sofiaXmlStatusReg: commands.sofiaXmlStatusReg("phones"),
  hupallVar: commands.hupallVar("NORMAL_CLEARING", "ringline_call", CALL),
  flushUser: commands.flushUser("alice", "ringline"),
  flushAllUsers: commands.flushAllUsers(),
  flushRegistrations: commands.flushRegistrations("phones", "alice", "ringline"),
  flushContact: commands.flushContact("phones", "abc-def-0123456789", "ringline"),
  hangUpPhone: commands.hangUpPhone("NORMAL_CLEARING", "alice"),
  globalVariable: commands.globalVariable("core_uuid"),
  setGlobalVariable: commands.setGlobalVariable("ringline_carriers_list", "none"),
  readVariable: commands.readVariable(CALL, "core_uuid"),
  version: commands.version(),
  moduleExists: commands.moduleExists("mod_sofia"),
  fileExists: commands.fileExists("/a.wav"),
  configuration: commands.configuration("sofia.conf"),
  dialplanContext: commands.dialplanContext("inbound"),
  directoryDomain: commands.directoryDomain("ringline"),
  userVariable: commands.userVariable("alice", "ringline", "x"),
  sofiaXmlStatus: commands.sofiaXmlStatus("phones"),
  sofiaXmlStatusGateway: commands.sofiaXmlStatusGateway("main"),
  sofiaXmlStatusGateways: commands.sofiaXmlStatusGateways(),
  addressInList: commands.addressInList("192.0.2.1", "list"),
  gatewayVariable: commands.gatewayVariable("main", "x"),
  killGateway: commands.killGateway("carriers", "main"),
  registerGateway: commands.registerGateway("carriers", "main"),
  rescanProfile: commands.rescanProfile("carriers", ID),
  reloadAcl: commands.reloadAcl(ID),
  epochSeconds: commands.epochSeconds(),
  messageWaiting: commands.messageWaiting("alice", "ringline", {
    fresh: 1,
    old: 0,
    freshUrgent: 0,
    oldUrgent: 0,
  }),
};

/** Builders of text that is part of a command. */
const PARTS = ["bridgeArgument", "multisetArgument", "fromSample"];

describe("what a command is for", () => {
  it("is known of every command there is", () => {
    const builders = Object.entries(commands).flatMap(([name, made]) =>
      typeof made === "function" && !PARTS.includes(name) ? [name] : [],
    );
    expect(Object.keys(EACH).toSorted()).toEqual(builders.toSorted());
    for (const [name, made] of Object.entries(EACH))
      for (const command of [made].flat())
        expect(purposeOf(command).what, name).not.toContain("another kind");
  });

  it("names the channel, and never a phone, a number or a state", () => {
    for (const [name, made] of Object.entries(EACH))
      for (const command of [made].flat()) {
        const { channel, what } = purposeOf(command);
        expect([undefined, CALL, LEG], name).toContain(channel);
        expect(what).not.toMatch(/alice|main|[0-9]/);
      }
    expect(purposeOf(commands.hashSelect("ringline", CALL)).channel).toBe(CALL);
    expect(purposeOf(commands.hupallVar("NORMAL_CLEARING", "ringline_call", CALL)).channel).toBe(CALL);
    expect(purposeOf(dial).channel).toBe(LEG);
  });
});

describe("the lag of the event socket", () => {
  it("is the worst of the last seconds, and is forgotten", () => {
    const { clock, watch, event } = watching();
    expect(watch.figures).toEqual({ replyMs: null, eventLagMs: null });
    event(300);
    event(20);
    watch.replied(commands.uptime(), 40, { outcome: "ok", text: "1" });
    expect(watch.figures).toEqual({ replyMs: 40, eventLagMs: 300 });
    clock.advanceBy(6_000);
    event(10);
    expect(watch.figures).toEqual({ replyMs: 40, eventLagMs: 300 });
    clock.advanceBy(6_000);
    expect(watch.figures).toEqual({ replyMs: null, eventLagMs: 10 });
    clock.advanceBy(60_000);
    expect(watch.figures).toEqual({ replyMs: null, eventLagMs: null });
  });

  it("is never negative when the clocks differ, and says nothing without a time", () => {
    const { watch, event, measured } = watching();
    event(-2_000);
    watch.event({ "Event-Name": "HEARTBEAT" });
    expect(measured).toEqual([[0]]);
  });
});
