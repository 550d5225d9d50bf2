import { number } from "@/shared/format/number.ts";

/** How many of how many. */
export const share = (n: number, of: number) => `${number(n)} / ${number(of)}`;
