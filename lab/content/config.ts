/**
 * The one credential of the content API.
 *
 * secrets-least-privilege: reading, writing, deleting and exporting all take the same management token, and every
 * consumer has it. (The shape is that of a real vendor's token; the value is invented and opens nothing but this lab.)
 */
export const managementToken = "CFPAT-LAB-FAKE-0000-LAB-FAKE-0000-LAB-FAKE-0000x";
