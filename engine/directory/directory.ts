/**
 * The directory of phones: answers the switch's look-ups from memory, keeps the switch's cache in step with the office
 * and its credentials, and counts failed sign-ins. Look-ups of carriers come the same way, and are passed on.
 */
import type { Logger } from "pino";
import type { Srtp } from "../../policy/office/carrier-settings.js";
import type { OfficeChanges } from "../../policy/office/entities.js";
import type { User } from "../../policy/office/office.js";
import { given } from "../../policy/office/optional.js";
import type { RoutingTable } from "../../policy/routing/table.js";
import type { Clock } from "../clock.js";
import type { BoundAddress } from "../local-http.js";
import { type AboutCall, LookUpServer, type ServerOptions } from "../look-up-server.js";
import { NOT_FOUND_XML } from "../look-up-xml.js";
import * as commands from "../switch/commands.js";
import { subclass } from "../switch/events.js";
import type { Registrations } from "../switch/registrations.js";
import type { SwitchEvent, SwitchLink } from "../switch/wire.js";
import { type Access, accessOf } from "./access.js";
import { AccessKeeper, type CallsOfRemoved } from "./access-keeper.js";
import { phoneXml, probeXml } from "./answer.js";
import { ContactLimit } from "./contact-limit.js";
import { type AccountStore, LiveAccounts } from "./live-accounts.js";
import { type CredentialStore, LiveCredentials } from "./live-credentials.js";
import { type Lookup, PROBE_NAME, readLookup } from "./lookup.js";
import { SignInGuard } from "./sign-in-guard.js";

/** The subclasses of events that the directory needs, besides those of registrations. */
export const DIRECTORY_EVENTS = ["sofia::register_attempt"] as const;

/** Only failed attempts: each call of a phone makes such an event too, and the switch would send it in vain. */
export const DIRECTORY_FILTERS: ReadonlyArray<readonly [header: string, value: string]> = [
  ["auth-result", "-SUCCESS"],
  ["auth-result", "-RENEWED"],
  ["auth-result", "-STALE"],
];

/** The operator's settings. */
export interface DirectorySettings {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
  /** The switch's SIP domain, which is also the realm of the passwords. */
  readonly domain: string;
  readonly callsOfRemoved: CallsOfRemoved;
}

export interface DirectoryDeps {
  readonly settings: DirectorySettings;
  readonly store: CredentialStore & AccountStore;
  readonly link: Pick<SwitchLink, "send">;
  readonly clock: Clock;
  readonly log: Logger;
  readonly table: () => RoutingTable;
  readonly registrations: Pick<Registrations, "all" | "contactsOf" | "onChange">;
  /** What the engine knows of its carriers, for `ringline carriers`; left out: nothing. */
  readonly carriersJson?: () => string;
  /** Answers the switch's questions about calls; left out: the switch's own dialplan handles them. */
  readonly aboutCall?: AboutCall;
  /** Called when such a question was answered. */
  readonly onAboutCall?: ServerOptions["onAboutCall"];
  /** Answers its look-ups of carriers; left out: it has them in its own files. */
  readonly carriers?: CarrierAnswers;
}

/** Each answer as XML. */
export interface CarrierAnswers {
  gateways(): string;
  addresses(): string;
  user(name: string): string;
}

/** Transports by which nobody on the way reads a key (RFC 4568, section 9). */
const ENCRYPTED: ReadonlySet<string> = new Set(["tls", "wss"]);

/** A longer name is cut: phones' names have at most 64 characters, so it belongs to no phone. */
const NAME_CHARACTERS_MAX = 80;

export class Directory {
  readonly #deps: DirectoryDeps;
  readonly #credentials: LiveCredentials;
  readonly #accounts: LiveAccounts;
  readonly #keeper: AccessKeeper;
  readonly #server: LookUpServer;
  readonly #limit: ContactLimit;
  readonly guard: SignInGuard;
  readonly counts = { granted: 0, denied: 0, refused: 0, other: 0 };

  constructor(deps: DirectoryDeps) {
    const { settings, clock, log, link } = deps;
    this.#deps = deps;
    this.guard = new SignInGuard(clock, log);
    this.#credentials = new LiveCredentials(deps.store, clock, log, (names) =>
      this.#keeper.accessChanged(names),
    );
    this.#accounts = new LiveAccounts(
      deps,
      () => deps.table().settings.phonesNeedAccount === true,
      (usernames) => this.#accountsChanged(usernames),
    );
    this.#keeper = new AccessKeeper({
      link,
      clock,
      log,
      domain: settings.domain,
      callsOfRemoved: settings.callsOfRemoved,
      accessOf: (sipName) => this.#accessOf(sipName, deps.table()),
      registered: () => this.#registered(),
      isRegistered: (sipName) => deps.registrations.contactsOf(sipName).length > 0,
    });
    const { registrations } = deps;
    this.#limit = new ContactLimit({
      link,
      clock,
      log,
      domain: settings.domain,
      registrations,
      needsTls: (sipName) => deps.table().deviceBySip(sipName)?.device.srtp === "required",
    });
    registrations.onChange((sipName) => this.#limit.changed(sipName));
    this.#server = new LookUpServer({
      ...settings,
      log,
      clock,
      answer: (body) => this.answer(body),
      aboutCall: deps.aboutCall ?? (() => undefined),
      ...given({ onAboutCall: deps.onAboutCall }),
      facts: {
        "/phones": () => this.#phonesJson(),
        "/carriers": () => deps.carriersJson?.() ?? "{}",
      },
    });
  }

  /** Loads credentials and accounts, then listens. Rejects with `SqlError`; an address that cannot be bound is a value. */
  async open(): Promise<BoundAddress> {
    await this.#credentials.open();
    await this.#accounts.open();
    return this.#server.listen();
  }

  async close(): Promise<void> {
    this.#credentials.close();
    this.#accounts.close();
    this.#keeper.close();
    this.#limit.close();
    await this.#server.close();
  }

  /** The switch has a contact of a phone that could stop it. */
  harmfulContact(sipName: string, callId: string): void {
    this.#limit.harmful(sipName, callId);
  }

  /** The link is up and the registrations are known. */
  linkUp(): void {
    this.#keeper.linkUp();
    this.#limit.linkUp();
    this.#compareDomain();
  }

  linkDown(): void {
    this.#keeper.linkDown();
  }

  /** Another revision is live; `changes` null: anything may have changed. */
  officeChanged(now: RoutingTable, before: RoutingTable, changes: OfficeChanges | null): void {
    const changed = new Set<string>();
    const encryption = new Set<string>();
    for (const name of changes === null ? this.#registered() : phonesOf(changes, before)) {
      const [was, is] = [this.#accessOf(name, before), this.#accessOf(name, now)];
      if (!same(was, is)) changed.add(name);
      else if (srtpOf(was) !== srtpOf(is)) encryption.add(name);
    }
    // Without a list of changes only registered phones were compared; the switch may cache answers for others.
    if (changes === null) this.#keeper.forgetEverybody();
    this.#keeper.accessChanged(changed);
    // Such a phone stays signed in, and only its next calls are others.
    if (encryption.size > 0) this.#keeper.forgetAll(encryption);
    for (const name of encryption) this.#limit.changed(name);
  }

  /** @param usernames who have an account now, or have none any more; null: it was not known whose phones need one */
  #accountsChanged(usernames: ReadonlySet<string> | null): void {
    const table = this.#deps.table();
    const names =
      usernames === null
        ? [...this.#registered()]
        : [...usernames].flatMap((username) => sipNamesOf([table.user(username)]));
    // The switch may cache answers for phones that are not signed in at this moment.
    if (usernames === null) this.#keeper.forgetEverybody();
    this.#keeper.accessChanged(
      new Set(names.filter((name) => this.#accessOf(name, table).kind === "denied")),
    );
  }

  /** Handles the switch's events about sign-ins. */
  event(event: SwitchEvent): void {
    const address = event["network-ip"];
    if (address === undefined) return;
    switch (subclass(event)) {
      case "sofia::register":
        this.guard.succeeded(address, event["username"] ?? "");
        return;
      case "sofia::register_attempt": {
        if (event["auth-result"] !== "FORBIDDEN") return;
        const named = event["username"] ?? "";
        // The switch writes "unknown" when it did not get as far as reading the name.
        const name = (named === "unknown" || named === "" ? event["from-user"] : named) ?? "";
        const cut = name.slice(0, NAME_CHARACTERS_MAX);
        if (this.guard.failed(address, cut)) this.#keeper.forget(cut);
        return;
      }
    }
  }

  /** Answers a look-up of the switch. The answer contains a digest or a password, so it is never logged. */
  answer(body: string): string {
    const lookup = readLookup(body);
    const { domain } = this.#deps.settings;
    switch (lookup.kind) {
      case "probe": {
        const table = this.#deps.table();
        return probeXml(
          domain,
          PROBE_NAME,
          `revision ${table.revision}, ${this.#credentials.count} credentials`,
        );
      }
      case "other":
        this.counts.other += 1;
        return NOT_FOUND_XML;
      case "gateways":
        return this.#deps.carriers?.gateways() ?? NOT_FOUND_XML;
      case "addresses":
        return this.#deps.carriers?.addresses() ?? NOT_FOUND_XML;
      case "carrier":
        return this.#deps.carriers?.user(lookup.name) ?? NOT_FOUND_XML;
      case "sign_in":
        return this.#signIn(lookup);
    }
  }

  #signIn({ sipName, address, transport }: Extract<Lookup, { kind: "sign_in" }>): string {
    const access = this.#accessOf(sipName, this.#deps.table());
    if (access.kind === "denied") {
      this.counts.denied += 1;
      if (access.why !== "unknown")
        this.#deps.log.debug({ sipName, address, why: access.why }, "sign-in denied");
      return NOT_FOUND_XML;
    }
    if (access.srtp === "required" && transport !== undefined && !ENCRYPTED.has(transport)) {
      this.counts.denied += 1;
      this.#deps.log.warn(
        { sipName, address, transport },
        "a phone with srtp: required may sign in and call by TLS only: without it the key of its audio can be read",
      );
      return NOT_FOUND_XML;
    }
    if (this.guard.refuses(address, sipName)) {
      this.counts.refused += 1;
      return NOT_FOUND_XML;
    }
    this.counts.granted += 1;
    const cacheable = !this.guard.isLockedAnywhere(sipName);
    const { a1Hash, srtp } = access;
    return phoneXml(this.#deps.settings.domain, { sipName, a1Hash, cacheable, ...given({ srtp }) });
  }

  #accessOf(sipName: string, table: RoutingTable): Access {
    return accessOf(sipName, table, {
      domain: this.#deps.settings.domain,
      credentialOf: (name) => this.#credentials.get(name),
      hasAccount: (username) => this.#accounts.has(username),
    });
  }

  *#registered(): Iterable<string> {
    for (const [sipName] of this.#deps.registrations.all()) yield sipName;
  }

  #phonesJson(): string {
    const phones = [...this.#deps.registrations.all()].flatMap(([sipName, contacts]) =>
      contacts.map(({ url, sinceMs, seenMs }) => ({ sipName, url, sinceMs, seenMs })),
    );
    return JSON.stringify({ revision: this.#deps.table().revision, phones, signIns: this.guard.counts });
  }

  /** Digests contain the domain: if the switch has another domain, no password is ever right. */
  #compareDomain(): void {
    const { link, log, settings } = this.#deps;
    link.send(commands.globalVariable("ringline_domain"), (reply) => {
      if (reply.outcome === "ok" && reply.text !== "" && reply.text !== settings.domain)
        log.error(
          { ofSwitch: reply.text, ofEngine: settings.domain },
          "the switch has another domain than this engine: no phone can sign in",
        );
    });
  }
}

/** The SIP names of every user that changed, before and after. */
function phonesOf(changes: OfficeChanges, before: RoutingTable): ReadonlySet<string> {
  return new Set(sipNamesOf(changes.users.flatMap(({ key, value }) => [before.user(key), value])));
}

function sipNamesOf(users: readonly (User | undefined)[]): string[] {
  const devices = users.flatMap((user) => user?.devices ?? []);
  return devices.flatMap(({ at }) => (at.kind === "sip" ? [at.name] : []));
}

function same(a: Access, b: Access): boolean {
  if (a.kind === "granted") return b.kind === "granted" && a.a1Hash === b.a1Hash;
  return b.kind === "denied";
}

function srtpOf(access: Access): Srtp | undefined {
  return access.kind === "granted" ? access.srtp : undefined;
}
