/** What browsers send and get about passkeys: the JSON of WebAuthn (level 3, sections 5.1.8 to 5.1.10), in its own words. */
import { z } from "zod";

const bytes = z.string().max(16_384).describe("base64url");
const common = {
  id: z.string().min(1).max(1_400),
  rawId: z.string().min(1).max(1_400),
  type: z.literal("public-key"),
  authenticatorAttachment: z.enum(["platform", "cross-platform"]).optional(),
  clientExtensionResults: z.record(z.string(), z.unknown()).default({}),
};

/** What a device says that has made a passkey. */
export const newPasskeyResponse = z.object({
  ...common,
  response: z.object({
    clientDataJSON: bytes,
    attestationObject: bytes,
    transports: z.array(z.string().max(32)).max(16).optional(),
  }),
});

/** What a device says that has signed with a passkey. */
export const passkeyResponse = z.object({
  ...common,
  response: z.object({
    clientDataJSON: bytes,
    authenticatorData: bytes,
    signature: bytes,
    userHandle: z.string().max(128).optional(),
  }),
});

/** What the page gives to the browser as it is. */
export const passkeyOptions = z.object({ options: z.record(z.string(), z.unknown()) });
