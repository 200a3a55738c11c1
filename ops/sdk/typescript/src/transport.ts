/** Below every operation: one idempotency key for all tries of a request, patience, and refusals as exceptions. */

import { randomUUID } from "node:crypto";
import { Refused, refusalFor, Unreachable } from "./refusals.js";

export interface Patience {
  /** Tries in all. */
  tries: number;
  /** Seconds after the first one, doubled each time, with jitter, unless Retry-After says otherwise. */
  firstPause: number;
  /** Seconds that one try may take. */
  timeout: number;
}

const PATIENT: Patience = { tries: 5, firstPause: 0.25, timeout: 20 };
const LONGEST_PAUSE = 30;
const AGAIN = new Set([429, 502, 503, 504]);

function pause(patience: Patience, attempt: number, answer?: Response): Promise<void> {
  const said = answer?.headers.get("Retry-After") ?? "";
  const doubled = patience.firstPause * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
  const seconds = Math.min(/^\d+$/.test(said) ? Number(said) : doubled, LONGEST_PAUSE);
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

async function refusalOf(answer: Response): Promise<Refused> {
  const problem: unknown = await answer.json().catch(() => ({}));
  return refusalFor(answer.status, (problem ?? {}) as Record<string, unknown>);
}

export function patientFetch(patience: Patience = PATIENT): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method === "POST" && !request.headers.has("Idempotency-Key")) {
      request.headers.set("Idempotency-Key", randomUUID());
    }
    for (let attempt = 1; ; attempt++) {
      const isLast = attempt >= patience.tries;
      let answer: Response | undefined;
      try {
        answer = await fetch(request.clone(), { signal: AbortSignal.timeout(patience.timeout * 1000) });
      } catch (error) {
        if (isLast) throw new Unreachable(String(error));
      }
      if (answer) {
        if (answer.status < 400) return answer;
        if (isLast || !AGAIN.has(answer.status)) throw await refusalOf(answer);
      }
      await pause(patience, attempt, answer);
    }
  };
}
