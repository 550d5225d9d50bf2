import { describe, expect, it } from "vitest";
import { desksFor, inHand } from "./desks.ts";

const LOCAL = ["clock.read", "directive.read", "case.read", "dispatch.read"];
const paths = (permissions: string[]) =>
  inHand(desksFor(permissions), permissions).map((one) => one.path);

describe("the bar of a phone", () => {
  it("begins with jobs and directives for whoever carries them out", () => {
    expect(paths([...LOCAL, "dispatch.report"])).toEqual([
      "/dispatch/jobs",
      "/directives",
      "/clocks",
      "/cases",
    ]);
  });
  it("is the rail for all others", () => {
    expect(paths(LOCAL)).toEqual(["/clocks", "/directives", "/cases", "/dispatch"]);
  });
});
