/** When it is in the mock's world. */
export const NOW = Date.parse("2022-11-08T12:00:00Z");
export const iso = (hoursAgo: number): string => new Date(NOW - hoursAgo * 3_600_000).toISOString();
export const day = (daysAgo: number): string =>
  new Date(NOW + 8 * 3_600_000 - daysAgo * 86_400_000).toISOString().slice(0, 10);
