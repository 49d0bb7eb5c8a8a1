/**
 * `npm run build:console`: builds the page into `dist/console`, unless what is there is newer than all that it is made of.
 * Beside each file that shrinks lie its compressed forms, so that the web server spends no time on it.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, gzip, constants as zlib } from "node:zlib";

const CONSOLE = fileURLToPath(new URL(".", import.meta.url));
const ROOT = join(CONSOLE, "..");
const BUILT = join(ROOT, "dist/console");
/** Written last: a build that was broken off is made again. */
const STAMP = join(BUILT, "index.html");
/** What is compressed already gains nothing. */
const COMPRESSIBLE = /\.(?:html|js|css|svg|json|webmanifest|txt)$/;
/** Below, the headers of the answer weigh more than what is saved. */
const WORTH_BYTES = 512;

/** Files and folders: a file that was removed changes its folder. */
function newestMs(path) {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newestMs(join(path, name))));
}

function isFresh() {
  try {
    const sources = ["console", "engine/web/client", "package-lock.json"];
    return statSync(STAMP).mtimeMs > Math.max(...sources.map((path) => newestMs(join(ROOT, path))));
  } catch {
    return false;
  }
}

async function compress(path) {
  const bytes = readFileSync(path);
  if (bytes.length < WORTH_BYTES) return;
  const params = {
    [zlib.BROTLI_PARAM_QUALITY]: zlib.BROTLI_MAX_QUALITY,
    [zlib.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  writeFileSync(`${path}.br`, await promisify(brotliCompress)(bytes, { params }));
  writeFileSync(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }));
}

if (!isFresh()) {
  const { build } = await import("vite");
  await build({ configFile: join(CONSOLE, "vite.config.ts"), logLevel: "warn" });
  const built = readdirSync(BUILT, { recursive: true }).map((name) => join(BUILT, String(name)));
  await Promise.all(built.filter((path) => COMPRESSIBLE.test(path)).map(compress));
  writeFileSync(STAMP, readFileSync(STAMP));
}
