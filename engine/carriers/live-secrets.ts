/**
 * The passwords that the office's carriers need, in memory. Files are read again all the time, so that a rotated password
 * is used within seconds. A change counts when it was read twice: a file that is being written may be empty for a moment.
 */
import { passwordOf } from "../../policy/office/gateways.js";
import type { Carrier, Secret } from "../../policy/office/office.js";
import type { Clock, TimerHandle } from "../clock.js";
import type { ReadSecret, SecretValue } from "./secrets.js";

export const SECRETS_MS = 1_000;

export class LiveSecrets {
  #secrets = new Map<string, Secret>();
  readonly #values = new Map<string, SecretValue>();
  /** What was read last, where it differs from what counts. */
  readonly #doubtful = new Map<string, SecretValue>();
  #timer: TimerHandle | undefined;
  #isOpen = false;

  constructor(
    private readonly clock: Clock,
    private readonly read: ReadSecret,
    private readonly onChange: () => void,
  ) {}

  async open(carriers: readonly Carrier[]): Promise<void> {
    this.#isOpen = true;
    await this.set(carriers);
    this.#readAgain();
  }

  close(): void {
    this.#isOpen = false;
    if (this.#timer !== undefined) this.clock.cancel(this.#timer);
  }

  /** The carriers of another revision. Resolves when the secrets that are new have been read. */
  async set(carriers: readonly Carrier[]): Promise<void> {
    const secrets = carriers.flatMap((carrier) => passwordOf(carrier) ?? []);
    this.#secrets = new Map(secrets.map((secret) => [keyOf(secret), secret]));
    for (const values of [this.#values, this.#doubtful])
      for (const key of values.keys()) if (!this.#secrets.has(key)) values.delete(key);
    for (const [key, secret] of this.#secrets)
      if (!this.#values.has(key)) this.#values.set(key, await this.read(secret));
  }

  get(secret: Secret): SecretValue {
    return this.#values.get(keyOf(secret)) ?? { kind: "unknown", why: "it was not read yet" };
  }

  #readAgain(): void {
    this.#timer = this.clock.after(SECRETS_MS, () => {
      void this.#compare().then((isChanged) => {
        if (!this.#isOpen) return;
        if (isChanged) this.onChange();
        this.#readAgain();
      });
    });
  }

  async #compare(): Promise<boolean> {
    let isChanged = false;
    for (const [key, secret] of [...this.#secrets]) {
      const value = await this.read(secret);
      if (this.#secrets.has(key) && this.#learn(key, value)) isChanged = true;
    }
    return isChanged;
  }

  #learn(key: string, value: SecretValue): boolean {
    const now = this.#values.get(key);
    // A file that cannot be read is not a file that is gone.
    if (value.kind === "unknown" && now?.kind === "known") return false;
    const doubtful = this.#doubtful.get(key);
    this.#doubtful.delete(key);
    if (now !== undefined && isSame(now, value)) return false;
    if (doubtful === undefined || !isSame(doubtful, value)) {
      this.#doubtful.set(key, value);
      return false;
    }
    this.#values.set(key, value);
    return true;
  }
}

function keyOf(secret: Secret): string {
  return "env" in secret ? `env ${secret.env}` : `file ${secret.file}`;
}

function isSame(a: SecretValue, b: SecretValue): boolean {
  if (a.kind === "known") return b.kind === "known" && a.text === b.text;
  return b.kind === a.kind && b.why === a.why;
}
