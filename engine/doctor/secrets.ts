/**
 * The doctor's check of files with secrets that the switch keeps: nobody else on the machine may read them. The switch
 * writes its whole configuration, passwords included, to its log folder (switch_xml_parse_file).
 */
import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Finding, ok, problem } from "./finding.js";

/** Folders of the switch; null: it does not name one. */
export interface SecretPlaces {
  readonly log: string | null;
  readonly tls: string | null;
}

interface SecretFile {
  readonly path: string;
  readonly holds: string;
  readonly mend: string;
}

/** Checks the files that are there and that this process may see. */
export async function checkSecrets({ log, tls }: SecretPlaces): Promise<Finding[]> {
  const files: SecretFile[] = [];
  if (log !== null)
    files.push({
      path: join(log, "freeswitch.xml.fsxml"),
      holds: "the password of the event socket and the directory's secret",
      mend: "take freeswitch.xml from docker/freeswitch, then: fs_cli -x reloadxml; and start the switch with umask 077 or 007",
    });
  if (tls !== null)
    files.push({
      path: join(tls, "agent.pem"),
      holds: "the key of the certificate",
      mend: "chmod 600 the file",
    });
  const findings: Finding[] = [];
  for (const { path, holds, mend } of files)
    if (await isOpenToOthers(path))
      findings.push(
        problem("secrets", `${path} can be read by every user of this machine: it holds ${holds}`, mend),
      );
  return findings.length > 0
    ? findings
    : [ok("secrets", "the switch's files with secrets are closed to others, as far as this machine can see")];
}

const OTHERS_READ = 0o004;
const OTHERS_ENTER = 0o001;

/** Whether a user who is neither owner nor in the group can read a file: a closed folder above protects it as well. */
async function isOpenToOthers(path: string): Promise<boolean> {
  try {
    if (((await stat(path)).mode & OTHERS_READ) === 0) return false;
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      if (((await stat(folder)).mode & OTHERS_ENTER) === 0) return false;
      if (folder === dirname(folder)) return true;
    }
  } catch {
    // It is not there, or a folder above it is closed to this process, and so to others.
    return false;
  }
}
