/** How long what is out of use is kept. */

/** How long a deleted message can be restored, and how long PINs and greetings wait for their removed owner: 30 days. */
export const RETENTION_MS = 30 * 86_400_000;
