/** Exit codes that people and scripts rely on; only `plan` and `writeback` also use 2, and only `run` 3. */
export const EXIT_OK = 0;
export const EXIT_FAILED = 1;
/** There are changes to apply (`plan`), or to write (`writeback`). */
export const EXIT_CHANGES = 2;
