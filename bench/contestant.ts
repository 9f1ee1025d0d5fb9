/** What a contestant does with a request: the whole policy, plain forwarding, or just an answer of its own. */
export type Duty = "policy" | "proxy" | "response";

/** Signature algorithms that tokens are made for. */
export type Algorithm = "ES256" | "RS256";

/** Everything that a contestant may know about the run when it is started. */
export interface Scene {
  /** Empty folder for generated configuration. */
  readonly folder: string;
  /** Loopback port to listen on. */
  readonly port: number;
  /** Loopback port of the upstream. */
  readonly upstreamPort: number;
  /** JWKS file with the public keys of the issuer. */
  readonly jwksPath: string;
  /** The same public keys, one PEM file each, for programs that do not read JWKS. */
  readonly publicKeyPaths: Readonly<Record<Algorithm, string>>;
  /** Requests per minute and subject. */
  readonly limitPerMinute: number;
}

/** How to start a contestant, or why it cannot be started on this machine. */
export type Launch =
  | { readonly command: string; readonly args: readonly string[]; readonly env?: Readonly<Record<string, string>> }
  | { readonly unavailable: string };

/** One row of the comparison. */
export interface Contestant {
  /** Kebab-case name, as in `--only`. */
  readonly name: string;
  /** What it is, in the words of the table. */
  readonly title: string;
  readonly duty: Duty;
  /** Algorithm of the tokens that it is sent. */
  readonly algorithm: Algorithm;
  /** Path that its firewall rules must refuse with 403, as proof that they are on. */
  readonly attackPath?: string;
  /** Writes configuration into the scene's folder if needed and says what to start. */
  launch(scene: Scene): Promise<Launch>;
}
