import type { Exchange } from "../guards/contract/exchange.ts";
import { cleanUrl } from "./clean.ts";

/**
 * Makes the function that says whether the sender of a post may tell of a page, by the page's address.
 *
 * The attack: any site can make its visitors' browsers post here, each from an address of its own, and name our pages in
 * what they send, until an operator takes the forger's host into the policy. But a script cannot choose its `Origin`
 * (Fetch standard, section 4.6), and browsers send the reporting page's with every report. So who comes with an origin
 * tells of pages of that origin. Without one it is no browser's script, and has only its own address to lie from.
 * @param isOwn whether an address, or an origin, is on the site
 */
export function createSpeaksFor(
  exchange: Pick<Exchange, "header">,
  isOwn: (address: string) => boolean,
): (page: string) => boolean {
  const origin = exchange.header("origin");
  if (origin === undefined) return () => true;
  // A page without referrers may report with `null`; so may any sandboxed frame, but that one is not of the same origin.
  const isOwnNull = origin === "null" && exchange.header("sec-fetch-site") === "same-origin";
  return (page) => {
    const claimed = cleanUrl(page)?.origin;
    // A frame that a page has written (`about:srcdoc`) has no address; whose it is, only the origin says.
    if (claimed === undefined || !claimed.includes("//")) return isOwnNull || isOwn(origin);
    return isOwnNull ? isOwn(page) : claimed === origin;
  };
}
