/** Is it Kontor that sent this? Standard Webhooks 1.0: HMAC-SHA256 over id, time and body. */

import { createHmac, timingSafeEqual } from "node:crypto";

/** Not signed with the secret, or too old or too new. */
export class WebhookForged extends Error {}

export interface KontorEvent {
  id: string;
  type: string;
  [member: string]: unknown;
}

/**
 * The event in `body`, which is what was received, byte for byte. `secret` is the endpoint's, `whsec_…`; `tolerance`
 * is seconds. Events may come twice: keep the ids of those that were handled.
 */
export function verifyWebhook(
  secret: string,
  headers: Record<string, string | undefined>,
  body: string,
  tolerance = 300,
): KontorEvent {
  const given = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value ?? ""]));
  const sentAt = given.get("webhook-timestamp") ?? "";
  if (!/^\d+$/.test(sentAt) || Math.abs(Date.now() / 1000 - Number(sentAt)) > tolerance) {
    throw new WebhookForged("The time is missing, or too far from now.");
  }
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const expected = createHmac("sha256", key)
    .update(`${given.get("webhook-id") ?? ""}.${sentAt}.${body}`)
    .digest();
  const fits = (given.get("webhook-signature") ?? "").split(" ").some((each) => {
    const [kind, value] = [each.slice(0, each.indexOf(",")), each.slice(each.indexOf(",") + 1)];
    const sent = Buffer.from(value, "base64");
    return kind === "v1" && sent.length === expected.length && timingSafeEqual(sent, expected);
  });
  if (!fits) throw new WebhookForged("No signature fits.");
  return JSON.parse(body) as KontorEvent;
}
