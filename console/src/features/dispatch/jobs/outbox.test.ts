import { describe, expect, it } from "vitest";
import { ApiError } from "@/api/errors.ts";
import { flush, outboxOf, overlaid, type Waiting } from "./outbox.ts";

function store(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as Storage;
}

const at = "2022-11-08T20:00:00+08:00";
const told = (key: string, step: number, more: Partial<Waiting> = {}): Waiting => ({
  key,
  job: 7,
  body: { step, what: "boarded", note: "", at },
  tried: false,
  ...more,
});
const noNetwork = () => Promise.reject(new ApiError(0, null));

describe("a receipt told without a network", () => {
  it("outlives the page and stays with who told it", () => {
    const disk = store();
    outboxOf("driver", disk).put(told("a", 1));
    expect(outboxOf("driver", disk).items()).toEqual([told("a", 1)]);
    expect(outboxOf("other", disk).items()).toEqual([]);
  });
  it("waits, and goes under the same key when the network is back, first told first", async () => {
    const box = outboxOf("driver", store());
    box.put(told("a", 1));
    box.put(told("b", 2));
    expect(await flush(box, noNetwork)).toEqual([]);
    expect(box.items().map((one) => [one.key, one.tried])).toEqual([
      ["a", true],
      ["b", false],
    ]);
    const sent: string[] = [];
    expect(await flush(box, async ({ key }) => void sent.push(key))).toEqual([7]);
    expect(sent).toEqual(["a", "b"]);
    expect(box.items()).toEqual([]);
  });
  it("is not sent again once refused, and the others go on", async () => {
    const box = outboxOf("driver", store());
    const message = { zh: "任务已取消", en: "The job is cancelled" };
    box.put(told("a", 1));
    box.put(told("b", 2));
    const post = async ({ key }: Waiting) => {
      if (key === "a") throw new ApiError(409, { code: "dispatch.job_over", message, facts: {} });
    };
    await flush(box, post);
    expect(box.items()).toEqual([told("a", 1, { tried: true, refused: message })]);
    expect(await flush(box, noNetwork)).toEqual([]);
  });
  it("waits too while somebody must sign in again", async () => {
    const box = outboxOf("driver", store());
    box.put(told("a", 1));
    await flush(box, () => Promise.reject(new ApiError(401, null)));
    expect(box.items()[0]).toMatchObject({ tried: true });
    expect(box.items()[0]?.refused).toBeUndefined();
  });
  it("stands on the page as told, marked as waiting", () => {
    const step = { no: 1, receipt: null } as Parameters<typeof overlaid>[0][number];
    expect(overlaid([step], [told("a", 1)])).toEqual([step]);
    expect(overlaid([step], [told("a", 1, { tried: true })])[0]).toMatchObject({
      waits: true,
      receipt: { what: "boarded", at },
    });
  });
});
