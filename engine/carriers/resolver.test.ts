/** Goal: a name has its addresses, and a name without any has no answer. Method: names that every machine knows (RFC 6761). */
import { expect, it } from "vitest";
import { resolveHost } from "./resolver.js";

it("the machine's own name is found in its table of hosts", async () => {
  expect(await resolveHost("localhost", ["_sip._udp"])).toContain("127.0.0.1");
});

it("a name that cannot exist has no answer", async () => {
  expect(await resolveHost("carrier.invalid", [])).toBeNull();
}, 20_000);
