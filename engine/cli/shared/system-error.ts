/**
 * Failures of the operating system as sentences: a file that may not be written, a disk that is full. They are no mistakes
 * of ours, so no stack is shown; every command ends with one sentence and exit code 1.
 */

/** An error of a system call (Node.js, `SystemError`). */
export interface SystemFailure extends Error {
  readonly code: string;
  readonly syscall: string;
  readonly path?: string;
  readonly dest?: string;
}

export function isSystemFailure(error: unknown): error is SystemFailure {
  return (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    "syscall" in error &&
    typeof error.syscall === "string"
  );
}

const WHY: ReadonlyMap<string, string> = new Map([
  ["EACCES", "permission denied"],
  ["EPERM", "it is not permitted"],
  ["ENOENT", "it is not there, or its folder is not"],
  ["ENOTDIR", "a part of its path is no folder"],
  ["EISDIR", "it is a folder"],
  ["EEXIST", "it is there already"],
  ["ENOSPC", "the disk is full"],
  ["EDQUOT", "the quota of the disk is used up"],
  ["EFBIG", "it would be larger than allowed"],
  ["EROFS", "the disk is read-only"],
  ["ENAMETOOLONG", "its name is too long"],
  ["ELOOP", "its links lead in a circle"],
  ["EMFILE", "too many files are open"],
  ["ENFILE", "too many files are open on this machine"],
  ["EIO", "the disk has failed"],
]);

export function systemWhy(error: SystemFailure): string {
  return WHY.get(error.code) ?? `${error.syscall} failed with ${error.code}`;
}

/** A sentence without a full stop. */
export function systemFailureText(error: SystemFailure): string {
  const path = error.dest ?? error.path;
  if (path === undefined) return error.message;
  return `${path} cannot be used: ${systemWhy(error)}`;
}
