/** Writes calls.ts from the OpenAPI document. Used by its test alone, never by an app. */

type Parameter = { name: string; in: "path" | "query" | "header" };
type OperationDoc = {
  operationId: string;
  summary?: string;
  parameters?: Parameter[];
  requestBody?: unknown;
  responses: Record<string, { content?: Record<string, unknown> }>;
};
export type OpenApi = { paths: Record<string, Record<string, OperationDoc>> };

const VERBS = ["get", "post", "put", "patch", "delete"] as const;
const BASE = "/api/v1";

const HEADER = `/**
 * Every operation of the API as a function with the name of the operation, so that one search
 * finds the stack. Arguments are the parts of the path, then the body, then the filter.
 *
 * Written from docs/openapi.json by \`npm run generate\`; do not change it by hand.
 */
import { address, http, type Intent } from "./client.ts";
import type { Answer, Body, Filter } from "./wire.ts";
`;

/** \`order_cancel\` is \`orderCancel\` here. */
export function functionName(operationId: string): string {
  return operationId.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function parameterName(name: string): string {
  return functionName(name);
}

function callSource(path: string, verb: (typeof VERBS)[number], doc: OperationDoc): string {
  const id = doc.operationId;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => parameterName(match[1] ?? ""));
  const hasFilter = doc.parameters?.some((one) => one.in === "query") ?? false;
  const hasBody = doc.requestBody !== undefined;
  const template = path
    .slice(BASE.length)
    .replace(/\{(\w+)\}/g, (_, name: string) => "${" + parameterName(name) + "}");
  const where = inPath.length > 0 ? "`" + template + "`" : JSON.stringify(template);
  const takes = inPath.map((name) => `${name}: string`);
  if (hasBody) takes.push(`body: Body<"${id}">`);
  if (hasFilter) takes.push(`filter?: Filter<"${id}">`);
  const about = doc.summary
    ? `/** ${doc.summary.replace(/\s+/g, " ").replace(/\.?$/, ".")} */\n`
    : "";
  const head = `${about}export const ${functionName(id)} = (`;
  if (!answersJson(doc)) {
    return `${head}${takes.join(", ")}) => address(${where}${hasFilter ? ", filter" : ""});\n`;
  }
  if (verb === "get") {
    const rest = hasFilter ? `, filter` : "";
    return `${head}${takes.join(", ")}) => http.get<Answer<"${id}">>(${where}${rest});\n`;
  }
  takes.push("intent?: Intent");
  const rest = [hasBody ? "body" : "undefined", "intent", ...(hasFilter ? ["filter"] : [])];
  return `${head}${takes.join(", ")}) => http.${verb}<Answer<"${id}">>(${where}, ${rest.join(", ")});\n`;
}

/** Streams and pictures are followed by the browser itself; they need no more than an address. */
function answersJson(doc: OperationDoc): boolean {
  return Object.entries(doc.responses)
    .filter(([status]) => status.startsWith("2"))
    .every(([, response]) => {
      const kinds = Object.keys(response.content ?? {});
      return kinds.length === 0 || kinds.includes("application/json");
    });
}

/** The text of calls.ts, one function for each operation, in the order of the document. */
export function callsSource(document: OpenApi): string {
  const calls = Object.entries(document.paths).flatMap(([path, methods]) =>
    VERBS.flatMap((verb) => {
      const doc = methods[verb];
      return doc && path.startsWith(BASE) ? [callSource(path, verb, doc)] : [];
    }),
  );
  return [HEADER, ...calls].join("\n");
}
