/** Every event the switch writes as JSON is read in full, or refused. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readEventJson } from "./event-json.js";

describe("an event in JSON", () => {
  it("becomes a plain object of texts, its body under _body", () => {
    const text = '{"Event-Name":"BACKGROUND_JOB","Content-Length":"41","_body":"+OK x\\n"}';
    expect(readEventJson(text)).toEqual({
      "Event-Name": "BACKGROUND_JOB",
      "Content-Length": "41",
      _body: "+OK x\n",
    });
  });

  it.each([
    ["several values", '{"a":["x","y"]}', "ARRAY::x|:y"],
    ["a number", '{"a":5}', "5"],
    ["a number behind blanks", '{"b":"x", "a" : 5 }', "5"],
    ["an object", '{"a":{"b":1}}', '{"b":1}'],
    ["null", '{"a":null}', undefined],
    [
      "text that is not UTF-8",
      Buffer.from([...Buffer.from('{"a":"Andr'), 0xe9, ...Buffer.from('"}')]).toString(),
      "Andr\ufffd",
    ],
  ])("writes %s as a text", (_what, text, value) => {
    expect(readEventJson(text)?.["a"]).toBe(value);
  });

  it.each(["", "{", '{"a":"', "[]", "null", '"x"', "5"])("%j is none", (text) => {
    expect(readEventJson(text)).toBeUndefined();
  });
});

describe("an event of which few variables are read", () => {
  const NAMES = ["variable_a", "variable_b_c"];
  /** As the switch writes them: headers, then variables; the body, if any, last. */
  const event = fc
    .record({
      headers: fc.dictionary(
        fc.constantFrom("Event-Name", "Unique-ID", "Caller-Caller-ID-Name"),
        fc.string(),
      ),
      variables: fc.dictionary(
        fc.constantFrom("variable_a", "variable_b", "variable_b_c", "variable_z"),
        fc.oneof(
          fc.string({ unit: fc.constantFrom("\\", '"', ",", "[", "]", ":", "variable_", "x", "\n") }),
          fc.array(fc.string({ unit: fc.constantFrom("\\", '"', ",", "]", "y") })),
        ),
      ),
      tail: fc.dictionary(fc.constantFrom("_body", "Application"), fc.string()),
    })
    .map(({ headers, variables, tail }) =>
      JSON.stringify({ "Core-UUID": "1", ...headers, ...variables, ...tail }),
    );

  it("says the same as the whole, without the others", () => {
    fc.assert(
      fc.property(event, (text) => {
        const whole = Object.entries(readEventJson(text) ?? {});
        const wanted = whole.filter(([name]) => !name.startsWith("variable_") || NAMES.includes(name));
        expect(readEventJson(text, NAMES)).toEqual(Object.fromEntries(wanted));
      }),
    );
  });

  it("keeps the headers of a request that are wanted, in whatever case they were sent, and no others", () => {
    const text = JSON.stringify({
      "Event-Name": "CHANNEL_PARK",
      variable_a: ',"variable_sip_h_X-Called":"no"',
      "variable_sip_h_x-called": "+493023125042",
      "variable_sip_h_X-Called-Too": "2",
      variable_sip_h_Diversion: "<tel:+1>",
    });
    const wanted = new Set(["x-called", "diversion"]);
    expect(readEventJson(text, ["variable_b"], wanted)).toEqual({
      "Event-Name": "CHANNEL_PARK",
      "variable_sip_h_x-called": "+493023125042",
      variable_sip_h_Diversion: "<tel:+1>",
    });
    expect(readEventJson(text, ["variable_b"])).toEqual({ "Event-Name": "CHANNEL_PARK" });
  });

  it("looks at a bounded number of headers", () => {
    const many = Array.from({ length: 60 }, (_, n) => [`variable_sip_h_X-${n}`, "1"] as const);
    const text = JSON.stringify(Object.fromEntries([["a", "b"], ...many, ["variable_sip_h_X-Called", "2"]]));
    expect(readEventJson(text, [], new Set(["x-called", "x-3"]))).toEqual({
      a: "b",
      "variable_sip_h_X-3": "1",
    });
  });

  it("is refused where the whole is, or read without what is broken off", () => {
    expect(readEventJson('{"a":"b","variable_a":"c', NAMES)).toBeUndefined();
    expect(readEventJson('{"a":"b","variable_a":"c"', NAMES)).toBeUndefined();
    expect(readEventJson('{"a":"b","variable_a":5}', NAMES)).toEqual({ a: "b", variable_a: "5" });
  });
});
