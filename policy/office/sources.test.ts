/** Goal: only addresses, ranges and names that a carrier can have are read. Method: tables. */
import { describe, expect, it } from "vitest";
import { readSource } from "./sources.js";

describe("where calls may come from", () => {
  it.each([
    ["192.0.2.10", "192.0.2.10/32"],
    ["192.0.2.0/24", "192.0.2.0/24"],
    ["10.0.0.0/8", "10.0.0.0/8"],
    ["255.255.255.255", "255.255.255.255/32"],
    ["2001:DB8::1", "2001:db8::1/128"],
    ["2001:db8::/32", "2001:db8::/32"],
    ["::1", "::1/128"],
    ["::ffff:192.0.2.1", "::ffff:192.0.2.1/128"],
    ["1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8/128"],
  ])("%s is the range %s", (text, cidr) => expect(readSource(text)).toEqual({ kind: "range", cidr }));

  it.each([
    ["sip.example.net", "sip.example.net"],
    ["SBC-1.Example.NET", "sbc-1.example.net"],
    ["edge", "edge"],
  ])("%s is the host %s", (text, name) => expect(readSource(text)).toEqual({ kind: "host", name }));

  it.each([
    "",
    "0.0.0.0/0",
    "10.0.0.0/7",
    "::/0",
    "2001::/15",
    "192.0.2.0/33",
    "192.0.2.0/",
    "192.0.2.0/24/8",
    "192.0.2.0/-1",
    "192.0.2",
    "192.0.2.256",
    "192.0.2.1.",
    "192.0.2.01",
    "300.1.1.1",
    "1:2:3:4:5:6:7",
    "1::2::3",
    "1:2:3:4:5:6:7:8:9",
    "fe80::1%eth0",
    "[2001:db8::1]",
    "sip.example.net/24",
    "sip.example.net:5060",
    "a b",
    `a"b`,
    "<a>",
    "-a.example",
    "a..example",
    "a_b.example",
    `${"a".repeat(64)}.example`,
  ])("%j is none", (text) => expect(readSource(text)).toBeUndefined());
});
