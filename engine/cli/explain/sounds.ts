/** The lengths of the switch's own announcements, so that a played call takes as long as a real one. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFile } from "../shared/package-file.js";

/** Assumed for an office's own sound files, which are on the switch and not here. */
const UNKNOWN_MS = 2_000;

/** RIFF header of a PCM file: bytes a second at 28, then the samples from 44 on (Microsoft, WAVE format). */
const HEADER_BYTES = 44;
const BYTE_RATE_AT = 28;

const known = new Map<string, number>();

/** Milliseconds of a sound as the engine names it, for example `please-hold.wav`. */
export function soundMs(path: string): number {
  const before = known.get(path);
  if (before !== undefined) return before;
  const lengthMs = readLength(path);
  known.set(path, lengthMs);
  return lengthMs;
}

function readLength(path: string): number {
  if (!/^[a-z0-9-]+\.wav$/.test(path)) return UNKNOWN_MS;
  const file = join(packageFile("docker/freeswitch"), "sounds", "en", path);
  if (!existsSync(file)) return UNKNOWN_MS;
  const bytes = readFileSync(file);
  const rate = bytes.length > HEADER_BYTES ? bytes.readUInt32LE(BYTE_RATE_AT) : 0;
  return rate === 0 ? UNKNOWN_MS : Math.round(((bytes.length - HEADER_BYTES) * 1_000) / rate);
}
