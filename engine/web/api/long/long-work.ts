/**
 * Has requests handled whose work takes long in a large office: a table of ten thousand people, the way back to an earlier
 * revision, any change that needs the checks of the whole office. They go to a thread, one after the other; few wait, and
 * the others are told to ask again. A small office's changes take milliseconds, and no thread.
 */
import { Worker } from "node:worker_threads";
import { BILLING_ADMINS, SYSTEM_ADMINS } from "../../../../policy/office/built-in.js";
import { SqlError } from "../../../../storage/database.js";
import { systemClock, type TimerHandle } from "../../../clock.js";
import type { Actor } from "../actor.js";
import { problem } from "../problem.js";
import type { AnyRoute, ApiRequest } from "../route.js";
import { ROUTES } from "../routes.js";
import type { Services } from "../services.js";
import type {
  FromThread,
  LongAnswer,
  LongAnswered,
  LongAsked,
  LongThreadData,
  ToThread,
} from "./messages.js";

/** Undefined: it is no long work, and handled where it is. */
export type LongWork = (
  route: AnyRoute,
  // biome-ignore lint/suspicious/noExplicitAny: the route's schemas have checked it
  request: ApiRequest<any, any, any, any>,
  /** Called when it has been handed on. */
  waits?: () => void,
) => Promise<LongAnswer | undefined>;

const IDS = new Map<AnyRoute, string>(Object.entries(ROUTES).map(([id, route]) => [route, id]));

/** From so many users, groups, flows and numbers on, the checks of an office take longer than anybody should wait. */
const LARGE = 500;
/** A table of some hundred rows. */
const LARGE_BYTES = 32_768;
const WAITING_MAX = 16;
/** A thread that works longer on what was asked than anything takes hangs. */
const HANGS_MS = 600_000;
/** As pino counts. */
const LEVEL_ERROR = 50;
/** When those before have had their turn, more or less. */
const RETRY_SECONDS = 5;

/** Hands a request to the thread. Rejects when the thread has ended. */
type Carry = (asked: LongAsked) => Promise<LongAnswered>;

/** Sources are run by tests only; a thread would not find its modules there. */
const isSource = import.meta.url.endsWith(".ts");

export interface LongWorkOptions {
  /** Left out: a thread; in tests of the sources what it would be told and would say is copied. */
  readonly carry?: Carry;
  /** From how many entries on an office is large; left out: {@link LARGE}. */
  readonly large?: number;
}

export function longWork(
  services: Services,
  { carry = isSource ? copied(services) : inThread(services), large = LARGE }: LongWorkOptions = {},
): LongWork {
  let waiting = 0;
  return async (route, request, waits) => {
    const operation = IDS.get(route);
    if (operation === undefined || !mayBeLong(route, request)) return undefined;
    if (bytesOf(request.body) < LARGE_BYTES && (await entriesOf(services)) < large) return undefined;
    if (waiting >= WAITING_MAX)
      return problem("overloaded", { detail: "other changes are being made", retry_after: RETRY_SECONDS });
    waiting += 1;
    waits?.();
    try {
      return answerOf(await carry(askedOf(operation, request)));
    } finally {
      waiting -= 1;
    }
  };
}

function mayBeLong({ isLong, isChangingOffice }: AnyRoute, { actor }: Parameters<LongWork>[1]): boolean {
  return actor !== null && (isLong ?? isChangingOffice === true);
}

async function entriesOf(services: Services): Promise<number> {
  const live = await services.live();
  if ("outcome" in live) return 0;
  const { users, groups, flows, numbers } = live.office;
  return users.length + groups.length + Object.keys(flows).length + numbers.length;
}

function bytesOf(body: unknown): number {
  const bytes = (body as { readonly bytes?: unknown } | null | undefined)?.bytes;
  return bytes instanceof Uint8Array ? bytes.length : 0;
}

function askedOf(operation: string, request: Parameters<LongWork>[1]): LongAsked {
  const { signal: _signal, services: _services, actor, ...plain } = request;
  const { office, user, keyPowers, via } = actor as Actor;
  const groups = [SYSTEM_ADMINS, BILLING_ADMINS].flatMap((id) => office.group(id) ?? []);
  const { outsideCallerId } = office.settings;
  return { ...plain, operation, actor: { user, keyPowers, via, office: { groups, outsideCallerId } } };
}

function answerOf(answered: LongAnswered): LongAnswer {
  if ("answer" in answered) return answered.answer;
  const { message, stack, sqlCode } = answered.failure;
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  throw sqlCode === undefined ? error : new SqlError(Object.assign(error, { code: sqlCode }));
}

/** As the thread does it, and as what is said to and by it is copied. */
function copied(services: Services): Carry {
  return async (asked) => {
    const { carryOut } = await import("./carry-out.js");
    return structuredClone(await carryOut(services, structuredClone(asked)));
  };
}

function inThread(services: Services): Carry {
  const thread = new LongThread(services);
  return (asked) => thread.carry(asked);
}

interface Waiting {
  readonly done: (answered: LongAnswered) => void;
  readonly failed: (error: Error) => void;
}

class LongThread {
  readonly #services: Services;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #hangs: TimerHandle | undefined;
  #lastId = 0;

  constructor(services: Services) {
    this.#services = services;
  }

  carry(asked: LongAsked): Promise<LongAnswered> {
    this.#worker ??= this.#start();
    const worker = this.#worker;
    this.#lastId += 1;
    const message: ToThread = { id: this.#lastId, asked };
    return new Promise((done, failed) => {
      this.#waiting.set(message.id, { done, failed });
      this.#hangs ??= systemClock.after(HANGS_MS, () => this.#end(worker, new Error("the thread hangs")));
      worker.postMessage(message);
    });
  }

  #start(): Worker {
    const { deps, publicUrl, sendsMail, allowsPlainHttp, phones, sessionLimits } = this.#services;
    const around = { publicUrl, sendsMail, allowsPlainHttp, phones, sessionLimits };
    const workerData: LongThreadData = { path: deps.store.path, around };
    const worker = new Worker(new URL("./long-thread.js", import.meta.url), { workerData });
    worker.on("message", (said: FromThread) => this.#said(said));
    worker.on("error", (error) => this.#end(worker, error));
    worker.on("exit", () => this.#end(worker, new Error("the thread has ended")));
    // The server ends without waiting for it.
    worker.unref();
    return worker;
  }

  #said(said: FromThread): void {
    if ("line" in said) {
      const { level, msg, time: _time, ...fields } = JSON.parse(said.line) as Record<string, unknown>;
      const { log } = this.#services;
      if (Number(level) >= LEVEL_ERROR) log.error(fields, String(msg));
      else log.info(fields, String(msg));
      return;
    }
    const waiting = this.#waiting.get(said.id);
    this.#waiting.delete(said.id);
    if (this.#hangs !== undefined) systemClock.cancel(this.#hangs);
    this.#hangs = undefined;
    waiting?.done(said);
  }

  #end(worker: Worker, why: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    void worker.terminate();
    if (this.#hangs !== undefined) systemClock.cancel(this.#hangs);
    this.#hangs = undefined;
    for (const { failed } of this.#waiting.values()) failed(why);
    this.#waiting.clear();
  }
}
