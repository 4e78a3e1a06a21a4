/**
 * How screens see schema.ts, which is generated from the server's own description: what is sent,
 * and what each operation takes and answers.
 */
import type { components, operations } from "./schema.ts";

type Schemas = components["schemas"];

/**
 * A value as it is sent. The description calls a field optional when it may be null; an answer
 * always has it. An interval has two ends; an object without described fields holds anything.
 */
export type Sent<A> = A extends readonly (infer Item)[]
  ? Sent<Item>[]
  : A extends object
    ? string extends keyof A
      ? Record<string, unknown>
      : { [K in keyof A]-?: K extends "interval" ? Interval<A[K]> : Sent<Exclude<A[K], undefined>> }
    : A;
type Interval<A> = [number, number] | Extract<A, null>;

/** A type of the description, as it is sent: `Wire<"Order">`. */
export type Wire<Name extends keyof Schemas> = Sent<Schemas[Name]>;

export type Operation = keyof operations;
type Json<A> = A extends { content: { "application/json": infer Value } } ? Value : never;
type Success = 200 | 201 | 202;
type Responses<Op extends Operation> = operations[Op]["responses"];

/** What an operation answers when it succeeds; nothing for most of what ends something. */
export type Answer<Op extends Operation> =
  Extract<keyof Responses<Op>, Success> extends never
    ? void
    : Sent<Json<Responses<Op>[Extract<keyof Responses<Op>, Success>]>>;

/** What an operation takes. */
export type Body<Op extends Operation> = operations[Op] extends { requestBody?: infer B }
  ? Json<Exclude<B, undefined>>
  : never;

/** What an operation can be asked to narrow down. */
export type Filter<Op extends Operation> = NonNullable<operations[Op]["parameters"]["query"]>;
