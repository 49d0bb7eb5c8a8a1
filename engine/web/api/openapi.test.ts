/**
 * Goal: the document says what the server does. Method: docs/openapi.json is compared with the one that the routes make,
 * and the document is checked by the rules of OpenAPI that can be checked here.
 */
import { join } from "node:path";
import { expect, it } from "vitest";
import { expectFile } from "../../../fixtures/expected-text.js";
import { webWorld } from "../../../fixtures/web/world.js";
import { openApiDocument } from "./openapi.js";
import { ROUTES } from "./routes.js";

const document = openApiDocument(ROUTES) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
};
const text = JSON.stringify(document, null, 2);

it("is checked in as docs/openapi.json", () => {
  expectFile(join(import.meta.dirname, "../../../docs/openapi.json"), `${text}\n`);
});

it("is served to everybody", async () => {
  const world = await webWorld();
  const served = await world.as(null).get("/openapi.json");
  expect(served.status).toBe(200);
  expect(served.body).toEqual(JSON.parse(text));
  await world.close();
});

it("has every route once, with all parameters of its path", () => {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  expect(operations.map(({ operation }) => operation["operationId"]).sort()).toEqual(
    Object.keys(ROUTES).sort(),
  );
  for (const { path, operation } of operations) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const parameters = (operation["parameters"] ?? []) as { readonly in: string; readonly name: string }[];
    const said = parameters.filter((each) => each.in === "path").map(({ name }) => name);
    expect(said.sort(), `${path}: parameters of the path`).toEqual(named.sort());
  }
});

it("refers only to what it has", () => {
  for (const [, ref = ""] of text.matchAll(/"\$ref": "([^"]+)"/g)) {
    const found = ref
      .replace(/^#\//, "")
      .split("/")
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
    expect(found, ref).toBeDefined();
  }
});
