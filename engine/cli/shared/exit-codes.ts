/** Exit codes that people and scripts rely on; only `plan` also uses 2, and only `run` 3. */
export const EXIT_OK = 0;
export const EXIT_FAILED = 1;
/** There are changes to apply (`plan`). */
export const EXIT_CHANGES = 2;
