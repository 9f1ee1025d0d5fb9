import type { HeaderList } from "../lib/header-list.ts";
import type { Secret } from "../secrets/secret.ts";

/** Proves to an upstream who the gateway is. */
export interface Credential {
  /** Puts it in place of whatever the client sent under that name. */
  apply(headers: HeaderList): void;
}

/** A credential in a header: `Authorization: Bearer …` unless the policy says otherwise. */
export function createHeaderCredential(secret: Secret, header: string, scheme: string | undefined): Credential {
  const word = scheme ?? (header === "authorization" ? "Bearer" : "");
  return {
    apply(headers) {
      secret.use((value) => headers.set(header, word === "" ? value : `${word} ${value}`));
    },
  };
}
