/** Goal: no address that a webhook may not reach passes for a public one, however it is written. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressKind } from "./addresses.js";

describe("an address", () => {
  it.each([
    ["8.8.8.8", "public"],
    ["1.1.1.1", "public"],
    ["172.15.255.255", "public"],
    ["172.32.0.0", "public"],
    ["100.63.255.255", "public"],
    ["100.128.0.0", "public"],
    ["192.0.1.0", "public"],
    ["2606:4700::1111", "public"],
    ["2a00:1450:4001:81b::200e", "public"],
    ["64:ff9b::8.8.8.8", "public"],
    ["64:ff9b::808:808", "public"],
    ["::ffff:8.8.8.8", "public"],
    ["2002:808:808::1", "public"],
    ["0.0.0.0", "private"],
    ["0.1.2.3", "private"],
    ["10.0.0.1", "private"],
    ["100.64.0.1", "private"],
    ["100.127.255.255", "private"],
    ["127.0.0.1", "private"],
    ["127.255.255.254", "private"],
    ["169.254.1.1", "private"],
    ["172.16.0.1", "private"],
    ["172.31.255.255", "private"],
    ["192.0.0.1", "private"],
    ["192.0.2.1", "private"],
    ["192.168.1.1", "private"],
    ["198.18.0.1", "private"],
    ["198.51.100.7", "private"],
    ["203.0.113.7", "private"],
    ["224.0.0.1", "private"],
    ["255.255.255.255", "private"],
    ["::", "private"],
    ["::1", "private"],
    ["::10.0.0.1", "private"],
    ["::ffff:10.0.0.1", "private"],
    ["::ffff:a00:1", "private"],
    ["0:0:0:0:0:ffff:7f00:1", "private"],
    ["::ffff:0:127.0.0.1", "private"],
    ["64:ff9b::10.0.0.1", "private"],
    ["64:ff9b::7f00:1", "private"],
    ["64:ff9b:1::1", "private"],
    ["2002:7f00:1::", "private"],
    ["2002:a00:1::1", "private"],
    ["2001::1", "private"],
    ["2001:db8::1", "private"],
    ["3fff::1", "private"],
    ["fc00::1", "private"],
    ["fd12:3456::1", "private"],
    ["fe80::1", "private"],
    ["fe80::1%eth0", "private"],
    ["fec0::1", "private"],
    ["ff02::1", "private"],
    ["5f00::1", "private"],
    ["169.254.169.254", "metadata"],
    ["::ffff:169.254.169.254", "metadata"],
    ["::ffff:a9fe:a9fe", "metadata"],
    ["64:ff9b::a9fe:a9fe", "metadata"],
    ["169.254.170.2", "metadata"],
    ["100.100.100.200", "metadata"],
    ["168.63.129.16", "metadata"],
    ["192.0.0.192", "metadata"],
    ["fd00:ec2::254", "metadata"],
    ["fd20:ce::254", "metadata"],
    ["crm.example.com", "none"],
    ["1.2.3", "none"],
    ["256.1.1.1", "none"],
    ["1::2::3", "none"],
    ["1:2:3:4:5:6:7", "none"],
    ["::1.2.3", "none"],
    ["", "none"],
  ])("%s is %s", (address, kind) => {
    expect(addressKind(address)).toBe(kind);
  });

  it("of IPv4 is the same in each form in which IPv6 carries it", () => {
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.tuple(byte, byte, byte, byte), ([a, b, c, d]) => {
        const dotted = `${a}.${b}.${c}.${d}`;
        const kind = addressKind(dotted);
        const hex = `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
        for (const form of [`::ffff:${dotted}`, `::ffff:${hex}`, `64:ff9b::${dotted}`, `2002:${hex}::1`])
          expect(addressKind(form)).toBe(kind);
      }),
    );
  });
});
