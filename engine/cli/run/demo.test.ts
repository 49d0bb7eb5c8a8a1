/**
 * Goal: the demo shows calls from beginning to end, and stops when told to. Method: the command, until its first call
 * has ended, at five times the speed of life: a machine that stands still for a second must not make a phone ring too long.
 * `ringline demo --once`, run by itself, proves that every sample call ends as it should.
 */
import { describe, expect, it } from "vitest";
import { ringline, startRingline } from "../../../fixtures/cli/run-program.js";

describe("the demo", () => {
  it("tells the story of each call until it is stopped", async () => {
    const demo = startRingline({}, "demo", "--speed", "5");
    await demo.said("ended, was answered by carol.diaz");
    const { out, err, code } = await demo.stop("SIGINT");
    expect({ err, code }).toEqual({ err: "", code: 0 });
    expect(out).toMatch(/^The sample office Acme Dental on a simulated switch/);
    const story = out.split("\n").filter((line) => / Jane Roe /.test(line));
    expect(story[0]).toMatch(
      /^ +\d+\.\d s {2}Jane Roe +.* calls \+12125550103 \(one phone rings and is answered\)$/,
    );
    const order = ["rings", "connected with carol.diaz", "ended, was answered by carol.diaz"];
    expect(order.map((words) => story.findIndex((line) => line.includes(words)))).toEqual(
      [...order.map((words) => story.findIndex((line) => line.includes(words)))].sort((a, b) => a - b),
    );
    for (const words of order) expect(out).toContain(words);
  });

  it("opens the console for two people of the office, by links that work in this run alone", async () => {
    const demo = startRingline({}, "demo");
    await demo.said("carol.diaz (desk) rings");
    const { out } = await demo.stop("SIGINT");
    expect(out).toMatch(/Alice Wong, an administrator +http:\/\/localhost:\d+\/demo\/[\w-]{43}\n/);
    expect(out).toMatch(/Bob Stone, an employee +http:\/\/127\.0\.0\.1:\d+\/demo\/[\w-]{43}\n/);
  });

  it("prints one object a call for programs, and nothing else", async () => {
    const demo = startRingline({}, "demo", "--speed", "5", "--json");
    await demo.said("}\n");
    const { out } = await demo.stop();
    const [first] = out.split("\n");
    expect(JSON.parse(first ?? "")).toEqual({
      number: "+12125550103",
      rang: ["carol.diaz"],
      answeredBy: "carol.diaz",
      ending: "answered",
      ms: expect.any(Number),
    });
  });

  it.each(["0", "21", "fast"])("does not run %s times as fast as life", async (speed) => {
    const { err, code } = await ringline("demo", "--speed", speed);
    expect(err).toContain("expected a number from 1 to 20");
    expect(code).toBe(1);
  });
});
