/** One field of the request that the server could not accept. */
export type FieldProblem = { field: string; code: string; detail: string };

/** The body of an `application/problem+json` answer. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  facts: Record<string, unknown>;
  errors?: FieldProblem[];
  request_id: string;
};

/** No answer came: no network, a closed connection, or the time limit. */
export const NO_ANSWER = "client.no_answer";
/** An answer came that is not from this API (a proxy's page, for example). */
export const NOT_UNDERSTOOD = "client.not_understood";

/** A request that did not succeed, with the server's own words in the reader's language. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: Problem;
  /** Seconds the server asks to wait, where it says so. */
  readonly retryAfter: number | null;

  constructor(problem: Problem, retryAfter: number | null = null) {
    super(`${problem.code}: ${problem.detail || problem.title}`);
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  get status(): number {
    return this.problem.status;
  }

  get code(): string {
    return this.problem.code;
  }

  /** True when asking again may help without changing anything. */
  get isTransient(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  /** The server's words about one field, for the message under an input. */
  field(name: string): string | undefined {
    return this.problem.errors?.find((error) => error.field === name)?.detail;
  }

  /** A fact as a number, where the server sent one. */
  factNumber(name: string): number | undefined {
    const value = this.problem.facts[name];
    return typeof value === "number" ? value : undefined;
  }

  /** A fact as a string, where the server sent one. */
  factText(name: string): string | undefined {
    const value = this.problem.facts[name];
    return typeof value === "string" ? value : undefined;
  }
}

/** A problem the client makes up itself; `title` and `detail` are empty so that screens use their own words. */
export function localProblem(code: string, status = 0): ProblemError {
  return new ProblemError({
    type: "about:blank",
    title: "",
    status,
    code,
    detail: "",
    facts: {},
    request_id: "",
  });
}

/** Whether an unknown error is this problem (`isProblem(error, "stock.insufficient")`). */
export function isProblem(error: unknown, code?: string): error is ProblemError {
  return error instanceof ProblemError && (code === undefined || error.code === code);
}
