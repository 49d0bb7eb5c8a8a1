/** Sends a sound, or the part of it that was asked for: a player that seeks asks for parts. */
import { open } from "node:fs/promises";
import type { FastifyReply, FastifyRequest } from "fastify";
import { disposition } from "./disposition.js";
import { type Problem, problem } from "./problem.js";
import { readRange } from "./ranges.js";
import type { SoundFile } from "./route.js";

/** @returns the problem that is to be sent instead; undefined: the answer is on its way */
export async function sendSound(
  request: FastifyRequest,
  reply: FastifyReply,
  { path, fileName }: SoundFile,
  contentType: string,
): Promise<Problem | undefined> {
  const file = await openSound(path);
  if (file === undefined) return problem("gone", { detail: "the recording is not there any more" });
  const { size, mtimeMs } = await file.stat();
  const tag = `"${size.toString(36)}-${Math.floor(mtimeMs).toString(36)}"`;
  reply
    .type(contentType)
    .header("Accept-Ranges", "bytes")
    .header("ETag", tag)
    .header("Last-Modified", new Date(mtimeMs).toUTCString());
  if (fileName !== undefined) reply.header("Content-Disposition", disposition(fileName));
  const ifRange = request.headers["if-range"];
  const asked = typeof ifRange === "string" && ifRange !== tag ? undefined : request.headers.range;
  const range = readRange(asked, size);
  if (range === "wrong") {
    await file.close();
    reply.header("Content-Range", `bytes */${size}`).removeHeader("ETag").removeHeader("Content-Disposition");
    return problem("wrong_range", { detail: `it has ${size} bytes` });
  }
  const { first, last } = range ?? { first: 0, last: size - 1 };
  if (range !== undefined) reply.code(206).header("Content-Range", `bytes ${first}-${last}/${size}`);
  reply.header("Content-Length", String(last - first + 1));
  if (size === 0) {
    await file.close();
    reply.send("");
  } else reply.send(file.createReadStream({ start: first, end: last }));
  return undefined;
}

async function openSound(path: string) {
  try {
    return await open(path, "r");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
