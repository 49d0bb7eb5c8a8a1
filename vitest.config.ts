/**
 * How `npm test` runs. All property tests draw from one seed. It is the same in every run, so that a change fails by
 * what it does and not by chance; the nightly run asks for another with `RINGLINE_SEED=random`.
 */
import { randomInt } from "node:crypto";
import { accessSync, constants, existsSync, statfsSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { defineConfig } from "vitest/config";

const SEED = 20_260_302;
const SEED_MAX = 2 ** 31 - 1;

function propertySeed(asked = String(SEED)): number {
  if (asked === "random") return randomInt(SEED_MAX);
  const seed = Number(asked);
  if (Number.isInteger(seed) && Math.abs(seed) <= SEED_MAX) return seed;
  throw new Error(`RINGLINE_SEED is a whole number or "random", not ${JSON.stringify(asked)}`);
}

/** What all tests together write at a time, many times over. */
const MEMORY_BYTES_MIN = 1024 ** 3;
const MEMORY_FOLDER = "/dev/shm";

/**
 * Where tests make their folders: in memory where the system has such a folder with room. Databases wait for the disk at
 * each commit, which a test cannot tell from a commit in memory, as no test cuts the power.
 */
function temporaryFolder(): string {
  if (process.env["TMPDIR"] !== undefined) return tmpdir();
  try {
    accessSync(MEMORY_FOLDER, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(MEMORY_FOLDER);
    return bavail * bsize < MEMORY_BYTES_MIN ? tmpdir() : MEMORY_FOLDER;
  } catch {
    return tmpdir();
  }
}

/**
 * Tests with a process of their own: those that put another module in the place of ours (`vi.mock`), as in the process of other
 * tests it is loaded already; and the one that makes the process believe that it ends, as others then clean up.
 */
const ALONE = [
  "engine/cli/shared/screen.test.ts",
  "policy/steps/graph.test.ts",
  "engine/cli/office/sections.test.ts",
  "engine/web/api/sign-in-attacks.test.ts",
  "engine/cli/web/https.test.ts",
  "engine/web/live/hub.sim.test.ts",
  "storage/drift.test.ts",
];

/** Tests in a real browser (fixtures/page) run where there is one. The page's project is not in reports of coverage. */
const CHROMIUM = process.env["RINGLINE_CHROMIUM"] ?? "/usr/bin/chromium";
const isPageTested = existsSync(CHROMIUM);
/** `npm run screenshots` needs all that they need. */
const PAGE_TESTS =
  process.env["RINGLINE_SCREENSHOTS"] === undefined
    ? ["{console,fixtures}/**/*.page.test.ts"]
    : ["fixtures/page/screenshots.ts"];

const seed = String(propertySeed(process.env["RINGLINE_SEED"]));
// The linter for unused exports reads this file too, and draws nothing.
if (process.env["VITEST"] !== undefined) {
  process.stderr.write(`Property tests: seed ${seed}. The same again: RINGLINE_SEED=${seed} npm test\n`);
  if (!isPageTested)
    process.stderr.write(
      `\n*** THE CONSOLE IS NOT TESTED: there is no ${CHROMIUM}. apt-get install chromium, or set RINGLINE_CHROMIUM ***\n\n`,
    );
}

const everyTest = {
  // A minute, as a machine that is busy with other things takes long: it has to end a test that hangs, and no other.
  testTimeout: 60_000,
  env: { RINGLINE_SEED: seed, TMPDIR: temporaryFolder() },
  // One core less than there are by default, which leaves one of two idle.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  setupFiles: ["vitest.setup.ts"],
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...everyTest,
          name: "tests",
          include: ["{engine,policy,storage,fixtures,bench,console}/**/*.test.ts"],
          exclude: [...ALONE, "**/*.page.test.ts"],
          // The files of a process share what they import: reading it takes longer than most files' tests.
          isolate: false,
        },
      },
      { test: { ...everyTest, name: "alone", include: ALONE } },
      {
        test: {
          ...everyTest,
          name: "page",
          include: isPageTested ? PAGE_TESTS : [],
          globalSetup: "fixtures/page/build.ts",
          isolate: false,
          // A browser on a busy machine is sometimes late; what is wrong stays wrong.
          retry: 2,
          // After the others: a browser that waits for its turn draws late.
          sequence: { groupOrder: 1 },
        },
      },
    ],
    coverage: {
      provider: "v8",
      include: ["{engine,policy,storage}/**/*.ts"],
      exclude: ["**/*.test.ts", "**/testing.ts"],
      reporter: ["text-summary", "json-summary"],
      // A floor, in percent of lines: it may rise.
      thresholds: { lines: 97, "policy/**": { lines: 98 } },
    },
  },
});
