/** Kontor's API for TypeScript: typed, with retries that never do a thing twice. */

import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./schema.js";
import { patientFetch, type Patience } from "./transport.js";

export type { components, paths } from "./schema.js";
export { InsufficientStock, NotFound, Refused, StaleVersion, Unreachable } from "./refusals.js";
export type { Code, ProblemByCode } from "./problems.js";
export type { Patience } from "./transport.js";
export { verifyWebhook, WebhookForged } from "./webhooks.js";
export { pages } from "./paging.js";

export type Schemas = components["schemas"];

export interface Options {
  /** The shop's address, as in https://shop.example. */
  url: string;
  apiKey: string;
  patience?: Patience;
}

/** A client whose answers are what was asked for: refusals are thrown. */
export function kontor({ url, apiKey, patience }: Options): Client<paths> {
  return createClient<paths>({
    baseUrl: url.replace(/\/+$/, ""),
    headers: { Authorization: `Api-Key ${apiKey}` },
    fetch: patientFetch(patience),
  });
}

/** The data of an answer; refusals were thrown before. */
export async function data<T>(answer: Promise<{ data?: T }>): Promise<NonNullable<T>> {
  const { data: found } = await answer;
  return found as NonNullable<T>;
}
