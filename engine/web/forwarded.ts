/**
 * Addresses in `X-Forwarded-For`, as proxies write them. Some write a port behind the address, which differs with each
 * connection: a person would have ever other addresses, and guesses would be counted for none of them. Some pass on what
 * their client wrote, which may be no address at all; such words are left out, so that they are shown to nobody.
 */
import { isIP } from "node:net";

/** @returns addresses only, in their order; undefined: there is none */
export function forwardedAddresses(header: string | readonly string[] | undefined): string | undefined {
  const addresses = [header ?? []]
    .flat()
    .flatMap((line) => line.split(","))
    .flatMap((each) => {
      const address = withoutPort(each.trim());
      return isIP(address) === 0 ? [] : [address];
    });
  return addresses.length === 0 ? undefined : addresses.join(", ");
}

function withoutPort(text: string): string {
  const [, bracketed] = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text) ?? [];
  const [, dotted] = /^(\d[\d.]*):\d{1,5}$/.exec(text) ?? [];
  return bracketed ?? dotted ?? text;
}
