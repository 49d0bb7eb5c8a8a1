/** A carrier as a file says it becomes a carrier of the office. What is the default is left out, so that equal carriers are equal texts. */
import type { Carrier } from "../office/office.js";
import { given, mapped } from "../office/optional.js";
import type { CarrierFile } from "./schema.js";

/** Undefined: the entry has no id or no proxy, which is reported where it is read. */
export function carrierOf(fields: Partial<CarrierFile>): Carrier | undefined {
  const { id, proxy: proxies } = fields;
  const [proxy, ...moreProxies] = typeof proxies === "object" ? proxies : [proxies];
  if (id === undefined || proxy === undefined) return undefined;
  return {
    id,
    proxy,
    ...(moreProxies.length === 0 ? {} : { moreProxies: moreProxies.flatMap((each) => each ?? []) }),
    ...given({
      port: fields.port,
      transport: fields.transport === "udp" ? undefined : fields.transport,
      srtp: fields.srtp,
      username: fields.username,
      password: fields.password,
    }),
    ...registration(fields),
    ...given({ addresses: fields.addresses }),
    ...(fields.trusted === true ? { trusted: true } : {}),
    ...given({ prefixes: mapped(fields.prefixes, (all) => [...new Set(all)].sort()) }),
    ...numbers(fields),
  };
}

function registration(fields: Partial<CarrierFile>) {
  return given({
    authUsername: fields.auth_username,
    register: fields.register,
    realm: fields.realm,
    fromDomain: fields.from_domain,
    fromUser: fields.from_user,
    extension: fields.extension,
    expireMs: mapped(fields.expire, (seconds) => seconds * 1000),
    pingMs: mapped(fields.ping, (seconds) => seconds * 1000),
  });
}

function numbers({ sends_numbers, wants_numbers, called_number, caller_number }: Partial<CarrierFile>) {
  return given({
    sendsNumbers: sends_numbers === "auto" ? undefined : sends_numbers,
    wantsNumbers: wants_numbers === "e164" ? undefined : wants_numbers,
    calledNumber: called_number === "auto" ? undefined : called_number,
    callerNumber: caller_number === "auto" ? undefined : caller_number,
  });
}
