import { expect, test } from "vitest";
import { isPublicSuffix } from "./public-suffix.ts";

test.each(["com", "example", "co.uk", "com.au", "or.jp", "vercel.app", "github.io", "up.railway.app"])(
  "anybody can have a name under %s",
  (domain) => {
    expect(isPublicSuffix(domain)).toBe(true);
  },
);

test.each(["localhost", "shop.example", "partner.co.uk", "team.vercel.app", "com.example", "co.example.uk"])(
  "%s belongs to somebody",
  (domain) => {
    expect(isPublicSuffix(domain)).toBe(false);
  },
);
