import { describe, expect, it } from "vitest";
import { nextTab, tabOf, tabsFor } from "./tabs.ts";

describe("the parts of the case page", () => {
  const all = tabsFor(["contact.read", "letter.read"]);
  it("are those one's posts allow", () => {
    expect(all).toEqual(["course", "contacts", "chains", "changes", "letters"]);
    expect(tabsFor(["contact.read"])).not.toContain("letters");
    expect(tabsFor([])).toEqual(["course"]);
  });
  it("open by address, and the first where the address names none of them", () => {
    expect(tabOf("chains", all)).toBe("chains");
    expect(tabOf("letters", tabsFor([]))).toBe("course");
    expect(tabOf(undefined, all)).toBe("course");
  });
  it("are walked with the arrows, round at the ends", () => {
    expect(nextTab(all, "course", "ArrowRight")).toBe("contacts");
    expect(nextTab(all, "course", "ArrowLeft")).toBe("letters");
    expect(nextTab(all, "chains", "End")).toBe("letters");
    expect(nextTab(all, "chains", "x")).toBeNull();
  });
});
