/** `ringline check`: checks everything about an office that can be checked without a switch or a database. */

import { join } from "node:path";
import { orderInWords } from "../../../policy/outside/carriers-words.js";
import { counted } from "../../counted.js";
import { examineOffice, type SoundFolders } from "../../office/files/read.js";
import { foldersOfSounds } from "../../office/files/sounds.js";
import { EXIT_FAILED, EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { packageFile } from "../shared/package-file.js";
import { problemsJson, showProblems } from "./office-problems.js";

const HELP = `
A folder stands for every .yaml and .yml file in it and below it; all the files given are one office.
Warnings are about what is legal and suspicious; they do not fail the check.
Sound files are looked for beside the office's files and in the sounds that come with ringline; --sounds names the
folder in which the switch has its sounds (its sound_prefix), and then they must be there.
Of a good office the order is shown in which calls outside try the carriers, with the prefixes that each is for.

Exit codes: 0 the office is good, 1 it has errors.

Examples:
  ringline check office.yaml
  ringline check office/ --sounds /etc/freeswitch/sounds/en
  ringline check office/ --json`;

interface CheckOptions {
  readonly sounds?: string;
  readonly json?: boolean;
}

export const registerCheck: RegisterCommand = (program, terminal) => {
  program
    .command("check")
    .summary("find everything wrong with an office's files")
    .description("Finds everything wrong with an office's files, all at once, with file, line and column.")
    .argument("<path...>", "the office's files, or folders of them")
    .option("--sounds <folder>", "where the switch finds sounds; the folder must be visible here")
    .option("--json", "print one JSON object: { ok, errors, warnings, files, carriers }")
    .addHelpText("after", HELP)
    .action(async (paths: string[], options: CheckOptions) => {
      const reading = await examineOffice(paths, terminal.clock.nowMs(), await soundFolders(paths, options));
      const ok = reading.office !== undefined;
      if (options.json) {
        const carriers = reading.office?.carriers.map(({ id, prefixes }) => ({ id, prefixes }));
        terminal.out(`${JSON.stringify({ ok, ...problemsJson(reading), files: reading.files, carriers })}\n`);
      } else {
        showProblems(terminal, reading);
        if (reading.office !== undefined) {
          const { users, groups, numbers, carriers } = reading.office;
          terminal.out(
            `good: ${counted(users.length, "user")}, ${counted(groups.length, "group")}, ${counted(numbers.length, "number")}\n`,
          );
          const hasOrder = carriers.length > 1 || carriers.some(({ prefixes }) => prefixes !== undefined);
          if (hasOrder) terminal.out(`calls outside go through ${orderInWords(carriers)}\n`);
        }
      }
      terminal.exit(ok ? EXIT_OK : EXIT_FAILED);
    });
};

/** The switch's own sounds, as they come with ringline. */
const OWN_SOUNDS = join(packageFile("docker/freeswitch"), "sounds", "en");

async function soundFolders(paths: readonly string[], { sounds }: CheckOptions): Promise<SoundFolders> {
  if (sounds !== undefined) return { folders: [sounds], where: sounds };
  return {
    folders: await foldersOfSounds(paths, OWN_SOUNDS),
    where: "the office's folder, or --sounds with the folder where the switch has it",
  };
}
