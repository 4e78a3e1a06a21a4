/**
 * Every operation of the API as a function with the name of the operation, so that one search
 * finds the stack. Arguments are the parts of the path, then the body, then the filter. One file
 * for each part of the API.
 *
 * Written from docs/openapi.json by `npm run generate`; do not change it by hand.
 */
export * from "./access.ts";
export * from "./availability.ts";
export * from "./carts.ts";
export * from "./catalog.ts";
export * from "./channels.ts";
export * from "./counts.ts";
export * from "./epcis.ts";
export * from "./fulfilments.ts";
export * from "./gift_cards.ts";
export * from "./home.ts";
export * from "./live.ts";
export * from "./loyalty.ts";
export * from "./members.ts";
export * from "./orders.ts";
export * from "./outreach.ts";
export * from "./payments.ts";
export * from "./places.ts";
export * from "./prices.ts";
export * from "./replenishment.ts";
export * from "./returns.ts";
export * from "./search.ts";
export * from "./sourcing.ts";
export * from "./stock.ts";
export * from "./supplies.ts";
export * from "./transfers.ts";
export * from "./voice.ts";
