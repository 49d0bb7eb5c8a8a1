/** `ringline webhook list`: how each webhook fares. */
import { counted } from "../../counted.js";
import { type ListedWebhook, listWebhooks } from "../../webhooks/list.js";
import { ago, duration } from "../shared/ago.js";
import { columns } from "../shared/columns.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import type { DatabaseOptions } from "../shared/use-case.js";
import { readingDatabase, sayNoOffice } from "../shared/use-case.js";

export const registerWebhookList: RegisterCommand = (webhook, terminal) => {
  webhook
    .command("list")
    .summary("how each webhook fares")
    .description("Lists the webhooks of the live office: whether they take events, and what waits for them.")
    .requiredOption("--db <file>", "the database")
    .option("--json", "print one JSON object a line for each webhook; times in ms")
    .action(async (options: DatabaseOptions) => {
      const json = options.json ?? false;
      const ended = await readingDatabase(terminal, options, listWebhooks);
      if (ended === undefined) return;
      if (ended.outcome === "no_office") {
        sayNoOffice(terminal, json);
        return;
      }
      const { webhooks } = ended;
      const nowMs = terminal.clock.nowMs();
      if (json) for (const each of webhooks) terminal.out(`${JSON.stringify(each)}\n`);
      else terminal.out(columns(webhooks.map((each) => row(each, nowMs))));
      if (webhooks.length === 0 && !json) terminal.err("no webhook\n");
      terminal.exit(EXIT_OK);
    });
};

function row(hook: ListedWebhook, nowMs: number): string[] {
  const { id, url, waiting, oldestMs, delivered, givenUp, dropped } = hook;
  const figures = [
    `${delivered} delivered`,
    ...(waiting === 0 ? [] : [`${counted(waiting, "waits", "wait")}${sinceText(oldestMs, nowMs)}`]),
    ...(givenUp === 0 ? [] : [`${givenUp} given up`]),
    ...(dropped === 0 ? [] : [`${dropped} dropped`]),
  ];
  return [id, stateText(hook, nowMs), figures.join(", "), url];
}

function sinceText(oldestMs: number | null, nowMs: number): string {
  return oldestMs === null ? "" : ` up to ${duration(nowMs - oldestMs)}`;
}

function stateText({ state, lastMs, failingMs, why }: ListedWebhook, nowMs: number): string {
  switch (state) {
    case "new":
      return "nothing sent yet";
    case "works":
      return `works, last ${ago(lastMs, nowMs)}`;
    case "failing":
      return `fails since ${duration(nowMs - (failingMs ?? nowMs))}: ${why ?? ""}`;
    case "off":
      return `switched off: ${why ?? ""}`;
  }
}
