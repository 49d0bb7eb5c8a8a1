/** The doctor's check of the web server: whether it answers, who can read passwords on their way, and what it does not know. */
import { request } from "node:http";
import { request as requestTls } from "node:https";
import type { WebStanding } from "../../storage/web-standing.js";
import { type Finding, ok, problem, warning } from "./finding.js";

/** @returns why a server does not answer; null: it does */
export type AskWeb = (standing: WebStanding) => Promise<string | null>;

/**
 * A server that was killed is as it said last.
 * @param standing as the server says it; undefined: none runs, which is as good
 */
export async function checkWeb(standing: WebStanding | undefined, ask: AskWeb = askWeb): Promise<Finding[]> {
  if (standing === undefined) return [];
  const { host, port, tls, publicUrl, unnamedProxy } = standing;
  const where = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  const silent = await ask(standing);
  if (silent !== null)
    return [
      warning(
        "web",
        `the web server does not answer at ${where}: ${silent}`,
        "start it again, if there is to be one (`run --web`, `ringline web`); its log says why it ended",
      ),
    ];
  const findings: Finding[] = [];
  if (!tls && !isLoopback(host))
    findings.push(
      problem(
        "web",
        `the web server listens at ${where} without a certificate: passwords can be read on their way`,
        "give --cert and --key (`run`: --web-cert, --web-key), or listen on 127.0.0.1 behind a proxy that has the certificate",
      ),
    );
  if (publicUrl === null)
    findings.push(
      warning(
        "web",
        "the web server does not know where people reach it: no mail with a link can be sent",
        "give --public-url https://HOST",
      ),
    );
  else if (publicUrl.startsWith("http:") && !isLoopback(new URL(publicUrl).hostname))
    findings.push(
      problem(
        "web",
        `people reach the web server at ${publicUrl}: their passwords can be read on their way`,
        "put a proxy with a certificate before it, or give --cert and --key, and name the address with https",
      ),
    );
  if (unnamedProxy !== null)
    findings.push(
      warning(
        "web",
        `requests come through ${unnamedProxy}, which is not named as a proxy: all people seem to have its address, and guessing passwords slows everybody`,
        `give --trust-proxy ${unnamedProxy} (\`run\`: --web-trust-proxy), if it is yours`,
      ),
    );
  if (findings.length === 0) findings.push(ok("web", `the web server listens at ${where}`));
  return findings;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127\./.test(host);
}

const ANSWER_MS = 3_000;

/** Asks on the own machine: whose certificate it is does not matter. */
function askWeb({ host, port, tls }: WebStanding): Promise<string | null> {
  return new Promise((resolve) => {
    const asked = (tls ? requestTls : request)(
      { host, port, path: "/healthz", timeout: ANSWER_MS, rejectUnauthorized: false, agent: false },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode === 200 ? null : `/healthz says ${answer.statusCode}`);
      },
    );
    asked.on("timeout", () => asked.destroy(new Error(`no answer within ${ANSWER_MS / 1_000} s`)));
    asked.on("error", (error) => resolve(error.message));
    asked.end();
  });
}
