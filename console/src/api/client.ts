import createClient, { type Middleware } from "openapi-fetch";
import { ApiError, isErrorBody } from "./errors.ts";
import type { paths } from "./schema.gen.ts";

const UNSAFE = new Set(["POST", "PUT", "PATCH", "DELETE"]);

function cookie(name: string): string | null {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : null;
}

/** Django's CSRF token goes with every request that changes something. */
const csrf: Middleware = {
  onRequest({ request }) {
    const token = UNSAFE.has(request.method) ? cookie("csrftoken") : null;
    if (token) request.headers.set("X-CSRFToken", token);
    return request;
  },
};

/** Any answer but 2xx becomes an ApiError, so that queries have one kind of failure. */
const failures: Middleware = {
  async onResponse({ response }) {
    if (response.ok) return;
    const body: unknown = await response.json().catch(() => null);
    throw new ApiError(response.status, isErrorBody(body) ? body : null);
  },
  onError() {
    return new ApiError(0, null);
  },
};

export const api = createClient<paths>({ credentials: "same-origin" });
api.use(csrf, failures);

/** The data of an answer that is known to have succeeded. */
export async function must<T>(answer: Promise<{ data?: T }>): Promise<T> {
  const { data } = await answer;
  return data as T;
}

/** One key per attempt of a person: a repeated click or a retry is done once by the server. */
export function idempotencyKey(): string {
  return crypto.randomUUID();
}
