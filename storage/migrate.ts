/**
 * Migrates a database to this program's schema, one numbered file and one transaction at a time. Databases of a newer
 * version and of other programs are refused.
 */

import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Database } from "./database.js";

/** "RngL" as SQLite's application id, which tells our databases from other programs'. */
export const APPLICATION_ID = 0x526e674c;

export type Migrated =
  | { readonly outcome: "ready"; readonly schema: number }
  /** Made by a newer version; nothing was changed. */
  | { readonly outcome: "newer_schema"; readonly schema: number; readonly known: number }
  /** Made by an older version, and it was not to be migrated. */
  | { readonly outcome: "older_schema"; readonly schema: number; readonly known: number }
  /** The database of another program. */
  | { readonly outcome: "foreign" };

interface Migration {
  readonly number: number;
  readonly path: string;
}

/** Applies the migrations a database lacks, if it may. */
export async function migrate(database: Database, mayMigrate = true): Promise<Migrated> {
  const migrations = await listMigrations();
  const known = migrations.at(-1)?.number ?? 0;
  const state = await readState(database);
  if (state.schema > known && state.application === APPLICATION_ID) {
    return { outcome: "newer_schema", schema: state.schema, known };
  }
  if (state.application !== APPLICATION_ID && !state.isEmpty) return { outcome: "foreign" };
  if (state.schema < known && !mayMigrate) return { outcome: "older_schema", schema: state.schema, known };
  for (const migration of migrations) {
    if (migration.number > state.schema) await applyMigration(database, migration);
  }
  return { outcome: "ready", schema: known };
}

/** Whether an open database has this program's schema: another process may have migrated it since it was opened. */
export async function isOfThisSchema(database: Database): Promise<boolean> {
  const [{ schema }, migrations] = [await readState(database), await listMigrations()];
  return schema === migrations.at(-1)?.number;
}

/** The folder of the migrations below package.json: compiled code is in `dist`, the SQL is not. */
export function migrationsFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const candidate = join(folder, "storage", "migrations");
    if (existsSync(join(folder, "package.json")) && existsSync(candidate)) return candidate;
    const parent = dirname(folder);
    if (parent === folder) throw new Error("storage/migrations is missing from this installation");
    folder = parent;
  }
}

/** The migrations of this program, in their order. The text of each is read when a database lacks it. */
async function listMigrations(): Promise<Migration[]> {
  const folder = migrationsFolder();
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort();
  return names.map((name, index) => {
    const number = Number(/^(\d{4})-/.exec(name)?.[1]);
    if (number !== index + 1) throw new Error(`migration ${name} is out of order`);
    return { number, path: join(folder, name) };
  });
}

async function readState(database: Database) {
  const version = await database.get<{ user_version: number }>("PRAGMA user_version");
  const application = await database.get<{ application_id: number }>("PRAGMA application_id");
  const tables = await database.get<{ n: number }>("SELECT count(*) AS n FROM sqlite_schema");
  return {
    schema: version?.user_version ?? 0,
    application: application?.application_id ?? 0,
    isEmpty: tables?.n === 0,
  };
}

/** Another process may have migrated before we got the lock, so the version is read again inside the transaction. */
async function applyMigration(database: Database, { number, path }: Migration): Promise<void> {
  const sql = await readFile(path, "utf8");
  await database.transaction(async () => {
    const row = await database.get<{ user_version: number }>("PRAGMA user_version");
    if ((row?.user_version ?? 0) >= number) return;
    await database.exec(sql);
    await database.exec(`PRAGMA user_version = ${number}; PRAGMA application_id = ${APPLICATION_ID}`);
  });
}
