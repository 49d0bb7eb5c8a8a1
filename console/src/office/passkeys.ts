/**
 * Passkeys in the browser: what the API says is given to the browser, and what the device says goes back. Both have the JSON
 * of WebAuthn (level 3, sections 5.1.8 to 5.1.10), which not every browser in use reads by itself.
 */
import type { Args } from "./client.js";

export type NewPasskey = NonNullable<Args<"addPasskey">[0]>["body"]["response"];
export type ShownPasskey = NonNullable<Args<"signInByPasskey">[0]>["body"]["response"];
type Options = Readonly<Record<string, unknown>>;

/** Whether this browser can use passkeys here: it wants a secure page. */
export function knowsPasskeys(): boolean {
  return typeof PublicKeyCredential !== "undefined" && navigator.credentials !== undefined;
}

/** Null: the person has thought better of it, or the device has none that fits. */
export async function makePasskey(options: Options): Promise<NewPasskey | null> {
  const publicKey = withBytes(options) as unknown as PublicKeyCredentialCreationOptions;
  const made = await orNull(() => navigator.credentials.create({ publicKey }));
  if (!(made instanceof PublicKeyCredential)) return null;
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    ...shared(made),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      attestationObject: text(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    },
  };
}

/** Null: the person has thought better of it, or the device has none that fits. */
export async function showPasskey(options: Options): Promise<ShownPasskey | null> {
  const publicKey = withBytes(options) as unknown as PublicKeyCredentialRequestOptions;
  const shown = await orNull(() => navigator.credentials.get({ publicKey }));
  if (!(shown instanceof PublicKeyCredential)) return null;
  const response = shown.response as AuthenticatorAssertionResponse;
  return {
    ...shared(shown),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      ...(response.userHandle === null ? {} : { userHandle: text(response.userHandle) }),
    },
  };
}

function shared(credential: PublicKeyCredential): Omit<NewPasskey & ShownPasskey, "response"> {
  const { id, rawId, authenticatorAttachment: attachment } = credential;
  return {
    id,
    rawId: text(rawId),
    type: "public-key",
    ...(attachment === "platform" || attachment === "cross-platform"
      ? { authenticatorAttachment: attachment }
      : {}),
    clientExtensionResults: credential.getClientExtensionResults() as Record<string, unknown>,
  };
}

/** `NotAllowedError` also means that the time is over or nothing fits; a browser does not tell which (section 14.5.1). */
async function orNull(ask: () => Promise<Credential | null>): Promise<Credential | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}

function withBytes(options: Options): Options {
  const credentials = (value: unknown) =>
    (value as readonly { readonly id: string }[]).map((each) => ({ ...each, id: bytes(each.id) }));
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => {
      if (value === undefined || value === null) return [name, value];
      if (name === "challenge") return [name, bytes(String(value))];
      if (name === "user") return [name, { ...(value as object), id: bytes((value as { id: string }).id) }];
      return name === "allowCredentials" || name === "excludeCredentials"
        ? [name, credentials(value)]
        : [name, value];
    }),
  );
}

function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  const base64 = base64url.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
}

function text(buffer: ArrayBuffer): string {
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
