/**
 * Turns a certificate and its key, as authorities hand them out, into the two files that the switch reads
 * (tport_type_tls.c in sofia-sip): `agent.pem` with the certificate and the key, and `cafile.pem`. The switch presents
 * only the first certificate of agent.pem (SSL_CTX_use_certificate_file) and takes the rest of the chain from
 * cafile.pem, so a full chain in agent.pem alone would be refused by phones that check it.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";

/** What the files are made from, as PEM texts. */
export interface PemTexts {
  /** The certificate and its chain, in any order. */
  readonly certificate: string;
  readonly key: string;
  /** More authorities that the switch shall trust, for connections to carriers. */
  readonly authorities?: string;
}

export interface CertificateFacts {
  /** The names and addresses that it is for, as OpenSSL prints them. */
  readonly names: string;
  readonly untilMs: number;
  /** SHA-256 of the certificate, `AB:CD:…`. */
  readonly fingerprint: string;
}

export type TlsFiles =
  | {
      readonly ok: true;
      readonly agentPem: string;
      readonly caFilePem: string;
      readonly facts: CertificateFacts;
    }
  | { readonly ok: false; readonly why: string };

const BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

export function makeTlsFiles({ certificate, key, authorities }: PemTexts, nowMs: number): TlsFiles {
  const certificates = readCertificates(certificate);
  if (!certificates.ok) return certificates;
  const read = readKey(key);
  if (!read.ok) return read;
  const own = certificates.found.find((each) => each.checkPrivateKey(read.key));
  if (own === undefined) return { ok: false, why: "the key belongs to no certificate in the file" };
  const facts = factsOf(own);
  if (facts.untilMs <= nowMs) return { ok: false, why: `the certificate has expired: ${own.validTo}` };
  const chain = certificates.found.filter((each) => each !== own).map(textOf);
  const trusted = [...chain, ...(authorities?.match(BLOCK) ?? []).map((block) => `${block}\n`)];
  return {
    ok: true,
    agentPem: `${textOf(own)}${key.trimEnd()}\n`,
    // The switch does not start TLS without an authority; a certificate that signs itself is its own.
    caFilePem: (trusted.length === 0 ? [textOf(own)] : trusted).join(""),
    facts,
  };
}

/** The facts of the first certificate in a text, which is the one that is presented; undefined: there is none. */
export function firstCertificate(text: string): CertificateFacts | undefined {
  const read = readCertificates(text);
  const [first] = read.ok ? read.found : [];
  return first && factsOf(first);
}

export function factsOf(certificate: X509Certificate): CertificateFacts {
  return {
    names: certificate.subjectAltName ?? certificate.subject,
    untilMs: Date.parse(certificate.validTo),
    fingerprint: certificate.fingerprint256,
  };
}

type Certificates =
  | { readonly ok: true; readonly found: readonly X509Certificate[] }
  | { readonly ok: false; readonly why: string };

function readCertificates(text: string): Certificates {
  const blocks = text.match(BLOCK) ?? [];
  if (blocks.length === 0) return { ok: false, why: "there is no certificate in the file (PEM is expected)" };
  try {
    return { ok: true, found: blocks.map((block) => new X509Certificate(block)) };
  } catch (error) {
    return { ok: false, why: `a certificate in the file cannot be read: ${String(error)}` };
  }
}

type Key = { readonly ok: true; readonly key: KeyObject } | { readonly ok: false; readonly why: string };

function readKey(text: string): Key {
  if (/ENCRYPTED/.test(text))
    return {
      ok: false,
      why: "the key has a passphrase, which the switch is not given: openssl pkey -in KEY -out PLAIN-KEY",
    };
  try {
    return { ok: true, key: createPrivateKey(text) };
  } catch {
    return { ok: false, why: "there is no private key in the file (PEM is expected)" };
  }
}

function textOf(certificate: X509Certificate): string {
  return certificate.toString();
}
