/**
 * Writes the switch's certificate files so that the switch never reads half of one, and nobody but its owner reads the
 * key. They belong to the owner of the folder, which is the switch's user, also if root writes them.
 */
import { chown, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";

export interface InstalledFiles {
  readonly agentPem: string;
  readonly caFilePem: string;
}

/** Rejects with the file system's error. */
export async function installFiles(folder: string, { agentPem, caFilePem }: InstalledFiles): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // agent.pem is what turns TLS on, so it comes last.
  await replace(folder, "cafile.pem", caFilePem, 0o644);
  await replace(folder, "agent.pem", agentPem, 0o600);
}

async function replace(folder: string, name: string, text: string, mode: number): Promise<void> {
  const made = join(folder, `.${name}.new`);
  await rm(made, { force: true });
  try {
    // "wx": a file, or a link to another one, that somebody has put there meanwhile is not written to.
    const file = await open(made, "wx", mode);
    try {
      await file.chmod(mode);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    if (process.getuid?.() === 0) {
      const { uid, gid } = await stat(folder);
      await chown(made, uid, gid);
    }
    await rename(made, join(folder, name));
  } catch (error) {
    await rm(made, { force: true });
    throw error;
  }
}
