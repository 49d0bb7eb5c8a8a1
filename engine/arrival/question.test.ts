/** What is read of a question of the switch, and what is not believed. */
import { describe, expect, it } from "vitest";
import { readQuestion } from "./question.js";

const FORM =
  "hostname=vm&section=dialplan&tag_name=&key_name=&key_value=&Unique-ID=75b39ecc-8364-4e96-9a29-a6118a303139" +
  "&Call-Direction=inbound&Caller-Caller-ID-Name=Jane%20Doe&Caller-Destination-Number=%2B12125550100" +
  "&Caller-Context=inbound&variable_sip_to_user=%2B12125550100&variable_sip_h_X-Evil=%26section%3Ddirectory";

describe("a question of the switch", () => {
  it("is read as an event of the channel, without what no call begins from", () => {
    expect(readQuestion(FORM)).toEqual({
      section: "dialplan",
      "Unique-ID": "75b39ecc-8364-4e96-9a29-a6118a303139",
      "Call-Direction": "inbound",
      "Caller-Caller-ID-Name": "Jane Doe",
      "Caller-Destination-Number": "+12125550100",
      "Caller-Context": "inbound",
      variable_sip_to_user: "+12125550100",
    });
  });

  it.each([
    ["another section", FORM.replace("section=dialplan", "section=directory")],
    ["no section", FORM.replace("section=dialplan&", "")],
    ["nothing", ""],
    ["a field twice", `${FORM}&Unique-ID=11111111-2222-4333-8444-555555555555`],
    ["a section twice", `${FORM}&section=dialplan`],
    ["a broken escape", FORM.replace("Jane%20Doe", "%E0%A4%A")],
    ["too many fields", FORM + "&x=".repeat(1_000)],
  ])("is none with %s", (_what, body) => {
    expect(readQuestion(body)).toBeUndefined();
  });
});
