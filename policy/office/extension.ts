/** How long an extension may be. The extensions of one office may differ in length; `names.ts` checks what that allows. */

export const EXTENSION_DIGITS = { min: 2, max: 6 } as const;
export const EXTENSION_PATTERN = new RegExp(`^[0-9]{${EXTENSION_DIGITS.min},${EXTENSION_DIGITS.max}}$`);
