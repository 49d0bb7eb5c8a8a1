/**
 * Keeps the switch's carriers as the office says: gateways, and the addresses from which calls are let in. The switch asks
 * for both (`answers`); this part tells it when to ask, and deletes gateways that are to be others now. What is right on the
 * switch is not touched, and a command whose outcome is unknown is not taken for done: what counts is what the switch
 * shows. Only an engine with a connection acts, so an engine that stands by does nothing.
 */
import type { Logger } from "pino";
import { gatewayNames, passwordOf } from "../../policy/office/gateways.js";
import type { Carrier } from "../../policy/office/office.js";
import { mapped } from "../../policy/office/optional.js";
import { CARRIERS_DOMAIN, CARRIERS_PROFILE } from "../calls/switch-contract.js";
import type { Clock, TimerHandle } from "../clock.js";
import type { IdSource } from "../ids.js";
import * as commands from "../switch/commands.js";
import type { SwitchLink } from "../switch/wire.js";
import { CarrierAddresses, type KeptAddresses } from "./addresses.js";
import { type Gateway, gatewaysOf } from "./gateway.js";
import { markOfList, readListMark, writeListMark } from "./list-mark.js";
import { LiveSecrets } from "./live-secrets.js";
import { lookAtGateways } from "./look.js";
import { type FoundGateway, type Plan, planFor } from "./plan.js";
import type { ResolveHost } from "./resolver.js";
import { passwordFor, type ReadSecret, whereIs } from "./secrets.js";
import { addressesXml, carrierUserXml, gatewaysXml } from "./xml.js";

/** How long after a command the switch is looked at: it deletes a gateway within two seconds, in steps of one. */
export const SETTLE_MS = 1_000;
/** How often the switch is looked at when nothing has changed: a profile may have been restarted meanwhile. */
export const LOOK_MS = 30_000;
/** So many looks in vain, a second apart, and the log says what hinders; then it is tried every {@link LOOK_MS}. */
export const TRIES = 6;

export interface CarriersDeps {
  readonly link: Pick<SwitchLink, "send">;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  readonly carriers: () => readonly Carrier[];
  /** What marks are made with: the directory's secret, which whoever asks for passwords must know. */
  readonly key: string;
  readonly readSecret: ReadSecret;
  readonly resolve: ResolveHost;
  /** Where the addresses that DNS has named outlive the engine. */
  readonly kept: KeptAddresses;
  /** The switch has taken what the office wants of it. */
  readonly onSettled?: () => void;
}

export class Carriers {
  readonly #deps: CarriersDeps;
  readonly #secrets: LiveSecrets;
  readonly #addresses: CarrierAddresses;
  #isUp = false;
  /** What an earlier connection began is not gone on with. */
  #connection = 0;
  #isLooking = false;
  /** Something changed during a look. */
  #again = false;
  #timer: TimerHandle | undefined;
  #tries = 0;
  /** The list of addresses that the switch was given last in this connection; null: none, so it may have any. */
  #given: string | null = null;
  /** The mark of the list that the switch says it has read; null: of none; undefined: it was not asked in this connection. */
  #mark: string | null | undefined;
  /** How often the switch has asked for gateways and for addresses, and how often it had when it was last told to. */
  readonly #asked = { gateways: 0, addresses: 0 };
  readonly #askedBefore = { gateways: 0, addresses: 0 };
  readonly #replaced = new Set<string>();
  /** What was said last of each subject, so that the log says a thing once. */
  readonly #said = new Map<string, string>();

  constructor(deps: CarriersDeps) {
    const { clock, log } = deps;
    this.#deps = deps;
    this.#secrets = new LiveSecrets(clock, deps.readSecret, () => this.#changed());
    this.#addresses = new CarrierAddresses({
      clock,
      log,
      resolve: deps.resolve,
      kept: deps.kept,
      onChange: () => this.#changed(),
    });
  }

  /** Reads the secrets. The hosts of carriers are looked up meanwhile. */
  async open(): Promise<void> {
    const carriers = this.#deps.carriers();
    await this.#addresses.open(carriers);
    await this.#secrets.open(carriers);
    this.#sayMissing();
  }

  close(): void {
    this.linkDown();
    this.#secrets.close();
    this.#addresses.close();
  }

  linkUp(): void {
    this.#isUp = true;
    this.#connection += 1;
    this.#given = null;
    this.#mark = undefined;
    this.#changed();
  }

  linkDown(): void {
    this.#isUp = false;
    this.#connection += 1;
    this.#isLooking = false;
    this.#wait(undefined);
  }

  /** Whether a carrier's calls come from this address. */
  isAt(ip: string): boolean {
    return this.#addresses.isAt(ip);
  }

  /** Another revision is live. */
  officeChanged(): void {
    const carriers = this.#deps.carriers();
    this.#addresses.set(carriers);
    void this.#secrets.set(carriers).then(() => {
      // Said again at each revision: whoever has just applied one looks at the log now.
      this.#said.delete("missing");
      this.#changed();
    });
  }

  /** Answers the switch's look-ups of carriers. Gateways have passwords, so no answer is ever logged. */
  readonly answers = {
    gateways: (): string => {
      this.#asked.gateways += 1;
      return gatewaysXml([...this.#wanted().values()]);
    },
    addresses: (): string => {
      this.#asked.addresses += 1;
      this.#given = this.#list();
      return this.#given;
    },
    user: (name: string): string => carrierUserXml(name),
  };

  /** All gateways of the office whose passwords are there, by name. */
  #wanted(): ReadonlyMap<string, Gateway> {
    const gateways = this.#deps
      .carriers()
      .flatMap((carrier) => gatewaysOf(carrier, this.#passwordOf(carrier), this.#deps.key));
    return new Map(gateways.map((gateway) => [gateway.name, gateway]));
  }

  /**
   * The gateways of carriers whose password this engine does not have. A gateway that works is worth more than the guess
   * that it should not: an engine that was started without a variable must not cut the office off.
   */
  #untouched(): ReadonlySet<string> {
    const unread = this.#deps.carriers().filter((carrier) => {
      const password = this.#passwordOf(carrier);
      return password !== undefined && password.kind !== "known";
    });
    return new Set(unread.flatMap(gatewayNames));
  }

  #passwordOf(carrier: Carrier) {
    return mapped(passwordOf(carrier), (secret) => passwordFor(carrier, this.#secrets.get(secret)));
  }

  #list(): string {
    return addressesXml(this.#addresses.list());
  }

  #changed(): void {
    this.#tries = 0;
    this.#sayMissing();
    this.#look();
  }

  #look(): void {
    if (!this.#isUp) return;
    if (this.#isLooking) {
      this.#again = true;
      return;
    }
    this.#wait(undefined);
    this.#isLooking = true;
    this.#again = false;
    const connection = this.#connection;
    this.#lookAtMark(() => this.#lookAtGateways(connection));
  }

  /** Once in a connection: from then on this engine alone tells the switch what to read. */
  #lookAtMark(next: () => void): void {
    if (this.#mark !== undefined) {
      next();
      return;
    }
    const connection = this.#connection;
    const probe = this.#addresses.list()[0]?.cidr.split("/")[0];
    readListMark(this.#deps.link, probe, (mark) => {
      if (connection !== this.#connection) return;
      this.#mark = mark;
      next();
    });
  }

  #lookAtGateways(connection: number): void {
    lookAtGateways(this.#deps.link, (found) => {
      if (connection !== this.#connection) return;
      this.#isLooking = false;
      if (this.#again) this.#look();
      else if (found === undefined) this.#wait(SETTLE_MS);
      else this.#act(found);
    });
  }

  #act(found: readonly FoundGateway[]): void {
    const wanted = this.#wanted();
    const plan = planFor(wanted, found, this.#replaced, this.#untouched());
    const list = this.#list();
    const isListDue = this.#given !== list && this.#mark !== markOfList(list) && this.#addresses.isWhole;
    this.#sayWritten(plan);
    if (plan.kill.length + plan.missing.length + plan.register.length === 0 && !isListDue) {
      if (plan.waits.length > 0) this.#wait(SETTLE_MS);
      else this.#settled(wanted);
      return;
    }
    this.#said.delete("settled");
    this.#tries += 1;
    if (this.#tries > TRIES) this.#sayInVain(plan, isListDue);
    this.#send(plan, wanted, isListDue);
    this.#wait(this.#tries > TRIES ? LOOK_MS : SETTLE_MS);
  }

  #send(plan: Plan, wanted: ReadonlyMap<string, Gateway>, isListDue: boolean): void {
    const { link, ids, log } = this.#deps;
    Object.assign(this.#askedBefore, this.#asked);
    for (const name of plan.kill) {
      // What does not register, or is no longer wanted, is never registered again (planFor).
      this.#replaced.add(name);
      log.info({ gateway: name, changed: wanted.has(name) }, "the switch deletes the gateway of a carrier");
      link.send(commands.killGateway(CARRIERS_PROFILE, name), nothing);
    }
    // What a reply says does not count: the next look shows what the switch has.
    if (plan.missing.length > 0) link.send(commands.rescanProfile(CARRIERS_PROFILE, ids.uuid()), nothing);
    if (isListDue) {
      this.#mark = null;
      writeListMark(link, null, nothing);
      link.send(commands.reloadAcl(ids.uuid()), nothing);
    }
    for (const name of plan.register)
      link.send(commands.registerGateway(CARRIERS_PROFILE, name), ({ outcome }) => {
        if (outcome !== "unknown") this.#replaced.delete(name);
      });
  }

  #settled(wanted: ReadonlyMap<string, Gateway>): void {
    this.#noteList();
    this.#tries = 0;
    this.#replaced.clear();
    this.#said.delete("in vain");
    this.#say("settled", `${[...wanted.keys()].join()} ${this.#given}`, () => {
      this.#deps.log.info(
        { gateways: [...wanted.keys()], addresses: this.#addresses.list().map(({ cidr }) => cidr) },
        "the switch has the office's carriers",
      );
      this.#deps.onSettled?.();
    });
    this.#wait(LOOK_MS);
  }

  /** The switch has read the list since a while. */
  #noteList(): void {
    if (this.#given === null || this.#given !== this.#list()) return;
    const mark = markOfList(this.#given);
    if (this.#mark === mark) return;
    const connection = this.#connection;
    this.#mark = mark;
    writeListMark(this.#deps.link, mark, (isWritten) => {
      if (!isWritten && connection === this.#connection && this.#mark === mark) this.#mark = null;
    });
  }

  /** The switch was told to ask, again and again, and still lacks something. */
  #sayInVain({ missing, kill }: Plan, isListDue: boolean): void {
    const { log } = this.#deps;
    const hasNotAsked =
      (missing.length > 0 && this.#asked.gateways === this.#askedBefore.gateways) ||
      (isListDue && this.#asked.addresses === this.#askedBefore.addresses);
    this.#say("in vain", `${hasNotAsked} ${[...missing, ...kill].join()} ${isListDue}`, () => {
      if (hasNotAsked)
        log.error(
          { missing, addresses: isListDue },
          `the switch does not ask this engine for its carriers, so no calls go in or out: it needs RINGLINE_DIRECTORY_URL, and ${CARRIERS_DOMAIN} in sip_profiles/carriers.xml and acl.conf.xml (docs/switch.md)`,
        );
      else
        log.error(
          { missing, deleted: kill },
          "the switch was given the gateways of its carriers, and has not taken them: its own log says why (without TLS on its carriers' profile it takes none with transport: tls)",
        );
    });
  }

  #sayWritten({ written }: Plan): void {
    if (written.length > 0)
      this.#say("written", written.join(), () =>
        this.#deps.log.warn(
          { gateways: written },
          "these gateways stand in a file of the switch (generated/gateways), which outweighs the office: remove the file and delete the gateway (sofia profile carriers killgw NAME) to use the office's settings",
        ),
      );
  }

  #sayMissing(): void {
    const missing = this.#deps.carriers().flatMap((carrier) => {
      const value = this.#passwordOf(carrier);
      const secret = passwordOf(carrier);
      if (secret === undefined || value === undefined || value.kind === "known") return [];
      return [{ carrier: carrier.id, where: whereIs(secret), why: value.why }];
    });
    this.#say("missing", JSON.stringify(missing), () => {
      for (const { carrier, where, why } of missing)
        this.#deps.log.error(
          { carrier, secret: where, why },
          "the password of a carrier is missing: a gateway that the switch has stays as it is, and none is made or changed",
        );
    });
  }

  #say(subject: string, what: string, say: () => void): void {
    if (this.#said.get(subject) === what) return;
    this.#said.set(subject, what);
    say();
  }

  /** Looks again after so long; undefined: not before something changes. */
  #wait(ms: number | undefined): void {
    const { clock } = this.#deps;
    if (this.#timer !== undefined) clock.cancel(this.#timer);
    this.#timer = mapped(ms, (delay) =>
      clock.after(delay, () => {
        this.#timer = undefined;
        this.#look();
      }),
    );
  }
}

function nothing(): void {
  // The next look shows what came of it.
}
