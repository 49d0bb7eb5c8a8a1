/** Events as JSON: whatever the switch writes is read, or refused whole. */
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
