import { expect, test } from "vitest";
import { isHashedName } from "./hashed-name.ts";

test.each([
  "index-BkR3sVxZ.js",
  "index-Bk_3sV-Z.js",
  "main.1f0c9ab2.css",
  "vendor.0123456789abcdef0123.js",
  "chunk-7HVX5RLQ.js",
  "photo.hoisted.C4tLq2zA.webp",
])("%s carries a hash", (name) => expect(isHashedName(name)).toBe(true));

test.each([
  "index.html",
  "about-settings.js",
  "team-Photos24.jpg",
  "photo-20240101.jpg",
  "report-Sunset2024.pdf",
  "jquery-3.7.1.min.js",
  "logo.svg",
  "holiday-pictures.css",
  "app-production.js",
  "deadbeef.js",
  "my-defaced.css",
  "IMG-HOLIDAY24.png",
  "",
])("%j carries none", (name) => expect(isHashedName(name)).toBe(false));
