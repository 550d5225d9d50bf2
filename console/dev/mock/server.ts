/**
 * A small server that answers like the service, for development and for looking at the console.
 * Never shipped: the built console talks to the real service only. Run: `npm run mock`.
 */
import { randomUUID } from "node:crypto";
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { extname } from "node:path";
import { type Asked, answer } from "./routes.ts";

const PORT = Number(process.env.PORT ?? 8099);
const DIST = process.env.ZHONGSHU_CONSOLE ?? new URL("../../dist", import.meta.url).pathname;
const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};
// The service's own policy, so that what it forbids is noticed here.
const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const sessions = new Map<string, string>();

async function body(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return parts.length ? JSON.parse(Buffer.concat(parts).toString("utf8")) : {};
}

function serveFile(path: string, response: ServerResponse): void {
  response.setHeader("content-security-policy", POLICY);
  const wanted = `${DIST}${path}`;
  const file = existsSync(wanted) && statSync(wanted).isFile() ? wanted : `${DIST}/index.html`;
  response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
  createReadStream(file).pipe(response);
}

createServer(async (request, response) => {
  const url = new URL(request.url ?? "/", "http://mock");
  if (!url.pathname.startsWith("/api/v1")) return serveFile(url.pathname, response);
  const sid = /sid=([^;]+)/.exec(request.headers.cookie ?? "")?.[1] ?? "";
  const asked: Asked = {
    method: request.method ?? "GET",
    path: url.pathname.slice("/api/v1".length),
    query: url.searchParams,
    body: await body(request),
    user: sessions.get(sid) ?? null,
  };
  const { status, data, signIn, signOut } = answer(asked);
  if (signIn) {
    const id = randomUUID();
    sessions.set(id, signIn);
    response.setHeader("set-cookie", [`sid=${id}; HttpOnly; Path=/`, "csrftoken=mock; Path=/"]);
  }
  if (signOut) sessions.delete(sid);
  response.statusCode = status;
  response.setHeader("content-type", "application/json");
  response.end(status === 204 ? undefined : JSON.stringify(data));
}).listen(PORT, "127.0.0.1", () => {
  process.stdout.write(
    `Mock of the service on http://127.0.0.1:${PORT} (sign in as commander or clerk, password "mock")\n`,
  );
});
