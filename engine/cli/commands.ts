/**
 * The commands of `ringline`, each in files of its own that are loaded when the command is used: loading all of them takes
 * half a second, longer than most commands need.
 */
import type { RegisterCommand } from "./shared/command.js";

/** In the order in which the help shows them. */
export const COMMANDS: ReadonlyMap<string, () => Promise<RegisterCommand>> = new Map([
  ["run", async () => (await import("./run/run.js")).registerRun],
  ["demo", async () => (await import("./run/demo.js")).registerDemo],
  ["init", async () => (await import("./init/init.js")).registerInit],
  ["check", async () => (await import("./office/check.js")).registerCheck],
  ["explain", async () => (await import("./explain/explain.js")).registerExplain],
  ["test", async () => (await import("./explain/test.js")).registerTest],
  ["plan", async () => (await import("./office/plan.js")).registerPlan],
  ["apply", async () => (await import("./office/apply.js")).registerApply],
  ["writeback", async () => (await import("./office/writeback.js")).registerWriteback],
  ["user", async () => (await import("./people/user.js")).registerUser],
  ["group", async () => (await import("./people/group.js")).registerGroup],
  ["number", async () => (await import("./numbers/number.js")).registerNumber],
  ["plans", async () => (await import("./numbers/plans.js")).registerPlans],
  ["flow", async () => (await import("./flows/flow.js")).registerFlow],
  ["history", async () => (await import("./office/history.js")).registerHistory],
  ["diff", async () => (await import("./office/diff.js")).registerDiff],
  ["rollback", async () => (await import("./office/rollback.js")).registerRollback],
  ["device", async () => (await import("./phones/device.js")).registerDevice],
  ["phones", async () => (await import("./phones/phones.js")).registerPhones],
  ["calls", async () => (await import("./calls/calls.js")).registerCalls],
  ["call", async () => (await import("./calls/call.js")).registerCall],
  ["carrier", async () => (await import("./carriers/carrier.js")).registerCarrier],
  ["web", async () => (await import("./web/web.js")).registerWeb],
  ["carriers", async () => (await import("./carriers/carriers.js")).registerCarriers],
  ["top", async () => (await import("./calls/top.js")).registerTop],
  ["doctor", async () => (await import("./doctor/doctor.js")).registerDoctor],
  ["tls", async () => (await import("./tls/tls.js")).registerTls],
  ["stats", async () => (await import("./calls/stats.js")).registerStats],
  ["usage", async () => (await import("./calls/usage.js")).registerUsage],
  ["export", async () => (await import("./office/export.js")).registerExport],
  ["import", async () => (await import("./office/import.js")).registerImport],
  ["schedule", async () => (await import("./office/schedule.js")).registerSchedule],
  ["office", async () => (await import("./office/office.js")).registerOffice],
  ["edit", async () => (await import("./office/edit.js")).registerEdit],
  ["schema", async () => (await import("./office/schema.js")).registerSchema],
  ["voicemail", async () => (await import("./voicemail/voicemail.js")).registerVoicemail],
  ["backup", async () => (await import("./office/backup.js")).registerBackup],
  ["restore", async () => (await import("./office/restore.js")).registerRestore],
  ["completion", async () => (await import("./shell/completion.js")).registerCompletion],
  ["man", async () => (await import("./shell/man.js")).registerMan],
]);
