/** Sends what a handler gives: a value by the route's schema, a sound, a download, events, or a problem. */
import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Logger } from "pino";
import { z } from "zod";
import type { Clock } from "../../clock.js";
import { setCookieHeader } from "./cookies.js";
import { disposition } from "./disposition.js";
import { EndedByUs, sendEvents } from "./event-stream.js";
import { sendProblem } from "./failed-request.js";
import type { OpenAnswers } from "./open-answers.js";
import { API_PREFIX } from "./prefix.js";
import { type Problem, problem } from "./problem.js";
import type { AnyRoute, Download, EventStream, Ok, RawAnswer, SoundFile } from "./route.js";
import { sendSound } from "./sound-answer.js";

type Result = Ok<unknown> | SoundFile | Download | EventStream | Problem;

/** The request that is answered. */
export interface Answering {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Who asks: a person, or a key of the API. */
  readonly owner: string;
  /** The handler's signal. */
  readonly gone: AbortController;
  /** Why the one who asked has no right to the answer any more. */
  readonly look: () => Promise<object | undefined>;
}

/** Streams of events that are open at once: pages of a large office. */
const STREAMS_MAX = 1_000;
/** Answers of any kind that one person, or one key, has open: nobody takes the places of all others. */
const OPEN_OF_OWNER_MAX = 50;

export class Answers {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #open: OpenAnswers;

  constructor(clock: Clock, log: Logger, open: OpenAnswers) {
    this.#clock = clock;
    this.#log = log;
    this.#open = open;
  }

  async send(route: AnyRoute, result: Result, answering: Answering): Promise<FastifyReply> {
    const { reply, request } = answering;
    const isShort = result.kind === "problem" || result.kind === "ok";
    if (!isShort && this.#open.of(answering.owner) >= OPEN_OF_OWNER_MAX) {
      answering.gone.abort();
      return sendProblem(reply, TOO_MANY_OPEN);
    }
    switch (result.kind) {
      case "problem":
        return sendProblem(reply, result.body);
      case "ok":
        return sendValue(route, result, answering);
      case "sound": {
        const instead = await sendSound(request, reply, result, rawOf(route).contentType);
        if (instead !== undefined) return sendProblem(reply, instead.body);
        this.#watch(answering, () => request.raw.socket.destroy());
        return reply;
      }
      case "download":
        return this.#download(result, answering);
      case "events":
        return this.#events(result, answering);
    }
  }

  #download({ contentType, fileName, body }: Download, answering: Answering): FastifyReply {
    const { reply, request } = answering;
    reply.type(contentType);
    if (fileName !== undefined) reply.header("Content-Disposition", disposition(fileName));
    if (typeof body === "string" || body instanceof Uint8Array) return reply.send(body);
    this.#watch(answering, () => request.raw.socket.destroy());
    return reply.send(Readable.from(body, { objectMode: false }));
  }

  #events({ events }: EventStream, answering: Answering): FastifyReply {
    const { reply, gone } = answering;
    if (this.#open.size >= STREAMS_MAX) return sendProblem(reply, problem("busy", { retry_after: 5 }).body);
    reply.hijack();
    reply.raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      "Content-Type": "text/event-stream",
      // nginx holds answers back otherwise.
      "X-Accel-Buffering": "no",
    });
    this.#watch(answering, (why) => gone.abort(new EndedByUs(why)));
    sendEvents(reply.raw, { events, signal: gone.signal, clock: this.#clock }).catch((error: unknown) => {
      this.#log.error({ err: error }, "a stream of events has failed");
      reply.raw.destroy();
    });
    return reply;
  }

  #watch({ reply, owner, look }: Answering, end: (why: object) => void): void {
    const over = this.#open.add({ owner, look, end });
    if (reply.raw.closed) over();
    else reply.raw.once("close", over);
  }
}

const TOO_MANY_OPEN = problem("too_many", {
  detail: `you have ${OPEN_OF_OWNER_MAX} streams, sounds and downloads open; close some`,
  retry_after: 5,
}).body;

function rawOf({ answer }: AnyRoute): RawAnswer {
  if (!("raw" in answer)) throw new Error("a route that answers values has given something else");
  return answer;
}

function sendValue(route: AnyRoute, result: Ok<unknown>, { reply }: Answering): FastifyReply {
  const { value, json, revision, location, cookies = [], status = route.status ?? 200 } = result;
  if (revision !== undefined) reply.header("ETag", `"rev-${revision}"`);
  if (location !== undefined) reply.header("Location", API_PREFIX + location);
  for (const cookie of cookies) reply.header("Set-Cookie", setCookieHeader(cookie));
  if (status === 204) return reply.code(204).send();
  // A schema that the value does not fit is our own mistake.
  const encoded = (): unknown =>
    result.isEncoded === true ? value : z.encode(route.answer as z.ZodType, value);
  return reply
    .code(status)
    .type("application/json; charset=utf-8")
    .send(json ?? JSON.stringify(encoded()));
}
