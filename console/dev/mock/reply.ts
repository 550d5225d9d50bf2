/** What the mock answers with. */
export interface Answer {
  status: number;
  data?: unknown;
  signIn?: string;
  signOut?: boolean;
}

export const ok = (body: unknown): Answer => ({ status: 200, data: body });
export const no = (status: number, code: string, zh: string, en: string): Answer => ({
  status,
  data: { code, message: { zh, en }, facts: {} },
});
export const missing = (): Answer =>
  no(
    404,
    "not-found",
    "没有这一条，或不在您的权限范围内",
    "no such record, or outside your rights",
  );

export function page<R>(items: R[], query: URLSearchParams): Answer {
  const start = Number(query.get("after") ?? 0);
  const limit = Number(query.get("limit") ?? 50);
  const next = start + limit < items.length ? String(start + limit) : null;
  return ok({ items: items.slice(start, start + limit), next });
}

/** Items whose field equals the query parameter of the same name, where one is given. */
export function matching<R extends object>(
  items: R[],
  query: URLSearchParams,
  fields: (keyof R & string)[],
): R[] {
  return items.filter((item) =>
    fields.every((f) => !query.get(f) || String(item[f]) === query.get(f)),
  );
}
