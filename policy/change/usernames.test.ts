/** Goal: names give usernames that people recognise, valid whatever the name. Method: a table, and any names at all. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { username as usernameField } from "../office-file/fields.js";
import { partsOf, shownName, usernameFor, writtenUsername } from "./usernames.js";

const NOBODY = () => false;

it.each([
  ["Anna Müller", "anna.mueller"],
  ["Müller, Anna", "anna.mueller"],
  ["Prof. Dr. Anna Müller", "anna.mueller"],
  ["Groß, Jürgen", "juergen.gross"],
  ["Søren Åkesson", "soeren.aakesson"],
  ["Łukasz Żółć", "lukasz.zolc"],
  ["Ursula von der Leyen", "ursula.von.der.leyen"],
  ["Seán O’Brien", "sean.obrien"],
  ["İpek Çelik", "ipek.celik"],
  ["Иван Щербаков", "ivan.shcherbakov"],
  ["Γιώργος Παπάς", "giorgos.papas"],
  ["Li X", "li.x1"],
  ["Bo", "bo001"],
  ["Maximilian von Hohenzollern-Sigmaringen", "maximilian.hohenzollern-sigmar"],
])("%s is %s", (name, username) => {
  expect(usernameFor(partsOf(name), undefined, NOBODY)).toBe(username);
});

it("a name that cannot be written in a to z gives way to the address, or to nothing", () => {
  expect(usernameFor(partsOf("李小龙"), "bruce.lee@example.com", NOBODY)).toBe("bruce.lee");
  expect(usernameFor(partsOf("李小龙"), undefined, NOBODY)).toBeUndefined();
});

it("a username that is taken gets a number", () => {
  const taken = new Set(["anna.weber", "anna.weber2"]);
  expect(usernameFor(partsOf("Anna Weber"), undefined, (each) => taken.has(each))).toBe("anna.weber3");
});

it("any name gives a valid username that is free, and the same again", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 80 }), fc.nat({ max: 30 }), (name, clashes) => {
      const taken = new Set<string>();
      for (let n = 0; n <= clashes; n += 1) {
        const made = usernameFor(partsOf(name), undefined, (each) => taken.has(each));
        expect(usernameFor(partsOf(name), undefined, (each) => taken.has(each))).toBe(made);
        if (made === undefined) return;
        expect(usernameField.safeParse(made).success).toBe(true);
        expect(taken).not.toContain(made);
        taken.add(made);
      }
    }),
  );
});

it.each([
  ["ACME\\Dana.Reed", "dana.reed"],
  ["Dana.Reed@example.com", "dana.reed"],
  ["JÜRGEN GROß", "juergen.gross"],
])("the written username %s is %s", (written, username) => {
  expect(writtenUsername(written)).toBe(username);
});

it.each([
  ["Müller, Anna", "Anna Müller"],
  ["Smith, Jr.", "Smith, Jr."],
  ["Anna Müller", "Anna Müller"],
])("%s is shown as %s", (name, shown) => {
  expect(shownName(name)).toBe(shown);
});
