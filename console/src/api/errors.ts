import type { ErrorBody } from "./types.ts";

/** A refusal or fault the server answered with, or no answer at all (status 0). */
export class ApiError extends Error {
  readonly status: number;
  readonly body: ErrorBody | null;

  constructor(status: number, body: ErrorBody | null) {
    super(body?.code ?? `http-${status}`);
    this.status = status;
    this.body = body;
  }
}

export function isErrorBody(value: unknown): value is ErrorBody {
  return (
    typeof value === "object" &&
    value !== null &&
    "code" in value &&
    "message" in value &&
    typeof value.message === "object" &&
    value.message !== null &&
    "zh" in value.message
  );
}
