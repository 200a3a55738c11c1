/**
 * From an order to its refund, and a webhook that is verified: runs as it stands against a Kontor.
 * KONTOR_URL, KONTOR_API_KEY, KONTOR_CUSTOMER (an id) and KONTOR_SKU say where, who, for whom and what.
 */

import { createHmac } from "node:crypto";
import { data, InsufficientStock, kontor, pages, Refused, verifyWebhook, WebhookForged } from "./index.js";

const need = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`Set ${name}.`);
  return value;
};
const shop = kontor({ url: need("KONTOR_URL"), apiKey: need("KONTOR_API_KEY") });
const customer = need("KONTOR_CUSTOMER");
const wanted = (quantity: number) => ({ customer, items: [{ variant: need("KONTOR_SKU"), quantity }] });

const order = await data(shop.POST("/api/v1/orders", { body: wanted(2) }));
console.log("placed", order.number, order.total, order.currency);
try {
  await shop.POST("/api/v1/orders", { body: wanted(1_000_000) });
} catch (refusal) {
  if (!(refusal instanceof InsufficientStock)) throw refusal;
  console.log("refused", refusal.code, refusal.shortages[0]?.available);
}
const path = { id: order.id };
try {
  await shop.PATCH("/api/v1/orders/{id}/payment", { params: { path }, body: { status: "paid", amount: "0.01" } });
} catch (refusal) {
  if (!(refusal instanceof Refused && refusal.is("amount_mismatch"))) throw refusal;
  console.log("due", refusal.problem.amount_due, refusal.problem.currency);
}
const paid = await data(
  shop.PATCH("/api/v1/orders/{id}/payment", { params: { path }, body: { status: "paid", reference: "journey" } }),
);
console.log("paid", paid.payment_status);
for (const status of ["PROCESSING", "SHIPPED"] as const) {
  const moved = await data(shop.PATCH("/api/v1/orders/{id}/status", { params: { path }, body: { status } }));
  console.log("now", moved.status);
}
const refund = await data(
  shop.POST("/api/v1/orders/{id}/refunds", { params: { path }, body: { amount: "1.00", reason: "dented" } }),
);
console.log("refunded", refund[0]?.amount);
const list = (cursor: string | undefined) =>
  data(shop.GET("/api/v1/orders", { params: { query: { customer, limit: 1, ...(cursor ? { cursor } : {}) } } }));
for await (const newest of pages(list)) {
  console.log("newest", newest.number);
  break;
}

const secret = "whsec_" + Buffer.from("0123456789abcdef0123456789abcdef").toString("base64");
const body = JSON.stringify({ id: "e1", type: "order.paid" });
const now = String(Math.floor(Date.now() / 1000));
const signature = createHmac("sha256", Buffer.from(secret.slice(6), "base64")).update(`e1.${now}.${body}`).digest("base64");
const headers = { "webhook-id": "e1", "webhook-timestamp": now, "webhook-signature": `v1,${signature}` };
console.log("verified", verifyWebhook(secret, headers, body).type);
try {
  verifyWebhook(secret, headers, `${body} `);
} catch (forged) {
  if (!(forged instanceof WebhookForged)) throw forged;
  console.log("forged one refused");
}
