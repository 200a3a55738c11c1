import type { Code, ProblemByCode } from "./problems.js";

/** What the API answers instead of what was asked for (RFC 9457). */
export class Refused extends Error {
  readonly code: string;
  readonly detail: string;

  constructor(
    readonly status: number,
    readonly problem: Record<string, unknown>,
  ) {
    const code = String(problem["code"] ?? "refused");
    const detail = String(problem["detail"] ?? "");
    super(`${status} ${code}: ${detail}`);
    this.code = code;
    this.detail = detail;
  }

  /** Whether it is this refusal: `problem` is then of its type. */
  is<C extends Code>(code: C): this is Refused & { readonly problem: ProblemByCode[C] } {
    return this.code === code;
  }

  /** Every fault in the input. */
  get errors(): { pointer: string; code: string; detail: string }[] {
    return (this.problem["errors"] ?? []) as { pointer: string; code: string; detail: string }[];
  }
}

/** Not enough of something. Nothing was reserved. */
export class InsufficientStock extends Refused {
  get shortages(): ProblemByCode["insufficient_stock"]["shortages"] {
    return this.problem["shortages"] as ProblemByCode["insufficient_stock"]["shortages"];
  }
}

/** There is no such thing, or not for this key. */
export class NotFound extends Refused {}

/** Somebody changed it since it was read: read it again. */
export class StaleVersion extends Refused {}

/** No answer in spite of all tries. It may have been done or not: send it again under the same idempotency key. */
export class Unreachable extends Error {}

export function refusalFor(status: number, problem: Record<string, unknown>): Refused {
  if (problem["code"] === "insufficient_stock") return new InsufficientStock(status, problem);
  if (status === 404) return new NotFound(status, problem);
  if (status === 412) return new StaleVersion(status, problem);
  return new Refused(status, problem);
}
