/** Reading events: a missing header reads as missing. */
import { describe, expect, it } from "vitest";
import * as events from "./events.js";

describe("reading events", () => {
  it.each([
    ["+OK 1234\n", { jobId: "j", ok: true, text: "1234" }],
    ["+OK", { jobId: "j", ok: true, text: "" }],
    ["-ERR USER_BUSY\n", { jobId: "j", ok: false, cause: "USER_BUSY" }],
    ["-ERR SOMETHING_NEW\n", { jobId: "j", ok: false, cause: "unknown cause SOMETHING_NEW" }],
    ["-USAGE: <x>", { jobId: "j", ok: false, cause: "unknown cause _x_" }],
    ["", { jobId: "j", ok: false, cause: "unknown cause (none)" }],
  ])("a job that ends with %j", (body, expected) => {
    expect(events.jobResult({ "Event-Name": "BACKGROUND_JOB", "Job-UUID": "j", _body: body })).toEqual(
      expected,
    );
  });

  it("takes no other event for a job, though it carries a Job-UUID", () => {
    expect(events.jobResult({ "Event-Name": "CHANNEL_CREATE", "Job-UUID": "j" })).toBeUndefined();
  });

  it.each([
    ["5", "5"],
    ["#", "#"],
    ["55", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("a key %s is %s", (key, expected) => {
    expect(events.digit({ "DTMF-Digit": key })).toBe(expected);
  });

  it("reads a channel", () => {
    const event = {
      "Event-Name": "CHANNEL_HANGUP",
      "Unique-ID": "a",
      "Call-Direction": "outbound",
      "Answer-State": "hangup",
      "Hangup-Cause": "LOSE_RACE",
      "Other-Leg-Unique-ID": "b",
      "Caller-Caller-ID-Number": "1",
      variable_ringline_call: "x",
      variable_empty: "_undef_",
    };
    expect(events.channelId(event)).toBe("a");
    expect(events.answerState(event)).toBe("hangup");
    expect(events.cause(event)).toBe("LOSE_RACE");
    expect(events.variable(event, "ringline_call")).toBe("x");
    expect(events.variable(event, "empty")).toBeUndefined();
    expect(events.variable(event, "missing")).toBeUndefined();
  });

  it("reads the two sides of a bridge only when both are named", () => {
    expect(events.bridged({ "Bridge-A-Unique-ID": "a", "Bridge-B-Unique-ID": "b" })).toEqual({
      a: "a",
      b: "b",
    });
    expect(events.bridged({ "Bridge-A-Unique-ID": "a" })).toBeUndefined();
  });

  it("reads an application with the id it was sent with", () => {
    const event = { Application: "playback", "Application-UUID": "e", "Application-Response": "FILE PLAYED" };
    expect(events.application(event)).toEqual({ name: "playback", id: "e", response: "FILE PLAYED" });
    expect(events.application({ Application: "park" })).toEqual({
      name: "park",
      id: undefined,
      response: "",
    });
    expect(events.application({})).toBeUndefined();
  });
});
