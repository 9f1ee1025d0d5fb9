import { type AttackClass, type Place } from "../attack-class.ts";
import { withoutCode } from "../code-spans.ts";
import { trait } from "../traits.ts";

const places: readonly Place[] = ["query", "body"];
const declares =
  /<!ENTITY\s{1,9}(?:%\s{1,9})?[\w.-]{1,80}\s{1,9}(?:SYSTEM|PUBLIC|["'])|<!DOCTYPE\s{1,9}[\w:-]{1,80}\s{0,9}(?:\[|SYSTEM\b|PUBLIC\s{1,9}["'](?!-\/\/W3C\/\/))|<\w{0,20}:?include\s[^>]{0,200}\bparse\s{0,4}=|<xi:include\b|<\?xml-stylesheet\b|<xsl:[a-z-]{1,40}\s[^>]{0,200}(?:php:|document\()/i;

/** Declarations that make an XML parser read files, ask other servers or grow without end. */
export const xxe: AttackClass = {
  name: "xxe",
  summary: "Declares an entity or an inclusion, with which an XML parser reads files or asks other servers.",
  stops: ["CWE-611", "CWE-776", "CWE-91", "A05:2021"],
  places,
  suspects: (traits) => (traits & trait.angle) !== 0,
  judge: ({ text, profile }) => (declares.test(profile === "typed" ? text : withoutCode(text)) ? 6 : 0),
  found: [
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///x">]>',
    '<!DOCTYPE x SYSTEM "http://evil.example/x.dtd">',
    '<xi:include href="x"/>',
  ],
  spared: [
    "<!DOCTYPE html>",
    '<?xml version="1.0"?>',
    "an <!ENTITY",
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN">',
  ],
};
