// The names the console uses for what the server sends. Only this file and client.ts know the schema.
export type * from "./schema.temp.ts";
