/** What a web server must not be told: to listen where others can read the passwords on their way. */
import type { SwitchAddress } from "../run/run-options.js";

export interface Listening {
  readonly listen: SwitchAddress;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly plainHttp?: boolean | undefined;
}

/** @returns why it must not; undefined: it may. @param names how the command calls its options */
export function unsafeListening(
  { listen, cert, key, plainHttp = false }: Listening,
  names: { readonly cert: string; readonly key: string; readonly plainHttp: string },
): string | undefined {
  if ((cert === undefined) !== (key === undefined)) return `${names.cert} and ${names.key} go together`;
  if (cert !== undefined || plainHttp || isLoopback(listen.host)) return undefined;
  return `passwords would be readable on the way to ${listen.host}: give ${names.cert} and ${names.key}, or listen on 127.0.0.1 behind a proxy; ${names.plainHttp} if the network is private`;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\./.test(host);
}
