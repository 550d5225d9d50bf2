/** Only a path of this console: never a place outside it. */
export function safeNext(next: string | null): string {
  return next?.startsWith("/") && !/^\/[/\\]/.test(next) ? next : "/";
}
