/**
 * Goal: passwords are compared by a slow hash, also those of names that do not exist, and people who guess cannot hold up
 * everybody else. Method: the real algorithm.
 */
import { expect, it } from "vitest";
import { hashPassword, verifyPassword } from "./password-hash.js";

async function hashed(password: string): Promise<string> {
  const made = await hashPassword(password);
  if (made.outcome !== "hashed") throw new Error(made.outcome);
  return made.hash;
}

it("a hash is argon2id with 19 MiB, two passes, one lane, and a salt of its own", async () => {
  const [one, two] = [await hashed("kestrel7"), await hashed("kestrel7")];
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(one).not.toBe(two);
  expect(await verifyPassword(one, "kestrel7")).toEqual({ outcome: "verified", isRight: true });
  expect(await verifyPassword(one, "kestrel8")).toEqual({ outcome: "verified", isRight: false });
});

it("a password is the same however its characters are composed", async () => {
  const hash = await hashed("käsebrot7".normalize("NFD"));
  expect(await verifyPassword(hash, "käsebrot7".normalize("NFC"))).toMatchObject({ isRight: true });
});

it.each([
  ["no account", null, "nobody's password"],
  ["a hash of another kind", "scrypt:x", "kestrel7"],
  ["an endless password", "scrypt:x", "x".repeat(100_000)],
])("%s: wrong", async (_what, hash, password) => {
  expect(await verifyPassword(hash, password)).toEqual({ outcome: "verified", isRight: false });
});

it("of too many at once the last are refused, and all others are answered", async () => {
  const hash = await hashed("kestrel7");
  const answers = await Promise.all(Array.from({ length: 140 }, () => verifyPassword(hash, "kestrel7")));
  const right = answers.filter((one) => one.outcome === "verified" && one.isRight).length;
  expect(right).toBe(130);
  expect(answers.filter(({ outcome }) => outcome === "hashing_busy")).toHaveLength(10);
  expect(await verifyPassword(hash, "kestrel7")).toMatchObject({ isRight: true });
});
