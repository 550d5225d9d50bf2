export type Corner = readonly [number, number];

/** Whether a point lies inside the polygon, by the even-odd rule. */
export function within([x, y]: Corner, ring: readonly Corner[]): boolean {
  let odd = false;
  let before = ring.at(-1);
  for (const corner of ring) {
    if (before) {
      const [ax, ay] = before;
      const [bx, by] = corner;
      if (ay > y !== by > y && x < ax + ((y - ay) * (bx - ax)) / (by - ay)) odd = !odd;
    }
    before = corner;
  }
  return odd;
}
