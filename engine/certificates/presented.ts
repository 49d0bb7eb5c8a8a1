/** Which certificate a port presents, whoever has signed it. */
import { X509Certificate } from "node:crypto";
import { connect } from "node:tls";
import { type CertificateFacts, factsOf } from "./pem.js";

export interface TlsPort {
  readonly host: string;
  readonly port: number;
}

const HANDSHAKE_MS = 5_000;

/** Undefined: there is no TLS at this port, or it does not answer in time. Nothing is sent but the handshake. */
export function presentedAt({ host, port }: TlsPort): Promise<CertificateFacts | undefined> {
  return new Promise((resolve) => {
    // The certificate is read, not trusted: no data is exchanged.
    const socket = connect({ host, port, rejectUnauthorized: false, timeout: HANDSHAKE_MS });
    const done = (facts: CertificateFacts | undefined) => {
      socket.destroy();
      resolve(facts);
    };
    socket.once("secureConnect", () => {
      const { raw } = socket.getPeerCertificate();
      done(raw === undefined ? undefined : factsOf(new X509Certificate(raw)));
    });
    socket.once("timeout", () => done(undefined));
    socket.once("error", () => done(undefined));
    socket.once("close", () => done(undefined));
  });
}
