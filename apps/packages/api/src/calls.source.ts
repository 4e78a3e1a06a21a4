/** Writes the files of calls/ from the OpenAPI document. Used by its test alone, never by an app. */

type Parameter = { name: string; in: "path" | "query" | "header" };
type OperationDoc = {
  operationId: string;
  tags: string[];
  summary?: string;
  parameters?: Parameter[];
  requestBody?: unknown;
  responses: Record<string, { content?: Record<string, unknown> }>;
};
export type OpenApi = { paths: Record<string, Record<string, OperationDoc>> };

const VERBS = ["get", "post", "put", "patch", "delete"] as const;
const BASE = "/api/v1";

const WRITTEN = "Written from docs/openapi.json by `npm run generate`; do not change it by hand.";

const INDEX_HEADER = `/**
 * Every operation of the API as a function with the name of the operation, so that one search
 * finds the stack. Arguments are the parts of the path, then the body, then the filter. One file
 * for each part of the API.
 *
 * ${WRITTEN}
 */
`;

/** What a file of calls takes from the client and the wire, and no more. */
function header(calls: string): string {
  const used = (names: string[]) => names.filter((name) => new RegExp(`\\b${name}\\b`).test(calls));
  const line = (names: string[], from: string, word: string) =>
    names.length > 0 ? `${word} { ${names.join(", ")} } from "${from}";\n` : "";
  const client = [...used(["address", "http"]), ...used(["Intent"]).map((name) => `type ${name}`)];
  const wire = used(["Answer", "Body", "Filter"]);
  return (
    `/** ${WRITTEN} */\n` +
    line(client, "../client.ts", "import") +
    line(wire, "../wire.ts", "import type")
  );
}

/** `order_cancel` is `orderCancel` here. */
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

/** The files of calls/: one for each tag, its functions in the order of the document, and the index. */
export function callsSources(document: OpenApi): Record<string, string> {
  const byTag: Record<string, string[]> = {};
  for (const [path, methods] of Object.entries(document.paths)) {
    if (!path.startsWith(BASE)) continue;
    for (const verb of VERBS) {
      const doc = methods[verb];
      if (doc) (byTag[doc.tags[0] ?? "other"] ??= []).push(callSource(path, verb, doc));
    }
  }
  const tags = Object.keys(byTag).sort();
  const files = tags.map((tag) => {
    const calls = (byTag[tag] ?? []).join("\n");
    return [`${tag}.ts`, `${header(calls)}\n${calls}`] as const;
  });
  const index = INDEX_HEADER + tags.map((tag) => `export * from "./${tag}.ts";`).join("\n");
  return { ...Object.fromEntries(files), "index.ts": index };
}
