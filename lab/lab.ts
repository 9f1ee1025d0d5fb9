import { startCommerce } from "./commerce/commerce.ts";
import { startContent } from "./content/content.ts";
import { createDatabase } from "./data/database.ts";
import { type LabUser, userIds } from "./data/users.ts";
import { startGraphql } from "./graphql/graphql.ts";
import { startIdentity } from "./identity/identity.ts";
import type { TokenSet } from "./identity/sign-in.ts";
import type { TokenOverrides } from "./identity/signing-key.ts";
import { startStorefront } from "./storefront/storefront.ts";

/** Where the lab listens; port 0 takes a free one. */
export type LabOptions = {
  /** Host name or address of every service; 127.0.0.1 unless told. */
  readonly host?: string;
  /** Port of the storefront, the front door of the lab. */
  readonly port?: number;
  readonly contentPort?: number;
  readonly commercePort?: number;
  readonly graphqlPort?: number;
  readonly identityPort?: number;
  /** Further origins that the storefront is reached at, such as a gateway's: the provider calls back there too. */
  readonly siteOrigins?: readonly string[];
};

/** The running lab. */
export type Lab = {
  readonly urls: {
    readonly storefront: string;
    readonly content: string;
    readonly commerce: string;
    readonly graphql: string;
    /** The issuer. */
    readonly identity: string;
  };
  /** The ids of the three users, which are the subjects of their tokens. */
  readonly users: Record<LabUser, string>;
  /** Signs the three users in by the authorization code flow and gives back their access tokens. */
  tokens(): Promise<Record<LabUser, string>>;
  /** Signs one user in and gives back all three tokens. */
  signIn(user: LabUser): Promise<TokenSet>;
  /** Signs a token of your own making with the provider's real key: expired, for another audience, of another type. */
  issueToken(user: LabUser, overrides?: TokenOverrides): Promise<string>;
  /** Lets users sign in at one more origin of the storefront. */
  allowSiteOrigin(origin: string): void;
  /** Frees every port. */
  stop(): Promise<void>;
};

const defaultSiteOrigins = ["https://localhost:8443", "https://127.0.0.1:8443"];

/** Starts the weak headless stack: storefront, content API, commerce API, GraphQL API and identity provider. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const services: { stop(): Promise<void> }[] = [];
  const keep = <Service extends { stop(): Promise<void> }>(service: Service): Service => {
    services.unshift(service);
    return service;
  };
  try {
    return await startServices(options, keep, () => stopAll(services));
  } catch (error) {
    // A service that cannot start (its port is taken) must not leave the others running.
    await stopAll(services);
    throw error;
  }
}

async function startServices(
  options: LabOptions,
  keep: <Service extends { stop(): Promise<void> }>(service: Service) => Service,
  stop: () => Promise<void>,
): Promise<Lab> {
  const { host = "127.0.0.1", siteOrigins = defaultSiteOrigins } = options;
  const database = createDatabase();
  const origins = new Set<string>();
  keep({ stop: async () => database.close() });
  const content = keep(await startContent({ host, port: options.contentPort ?? 4101 }, database));
  const commerce = keep(await startCommerce({ host, port: options.commercePort ?? 4102 }, database));
  const graphql = keep(await startGraphql({ host, port: options.graphqlPort ?? 4103 }, database));
  const identity = keep(await startIdentity({ host, port: options.identityPort ?? 4104 }, database, origins));
  const upstreams = { content: content.url, commerce: commerce.url, graphql: graphql.url, issuer: identity.issuer };
  const storefront = keep(await startStorefront({ host, port: options.port ?? 4100 }, upstreams));
  for (const origin of [storefront.url, ...siteOrigins]) origins.add(origin);

  const signIn = async (user: LabUser): Promise<string> => (await identity.signIn(user)).accessToken;
  return {
    urls: {
      storefront: storefront.url,
      content: content.url,
      commerce: commerce.url,
      graphql: graphql.url,
      identity: identity.issuer,
    },
    users: userIds,
    tokens: async () => ({ alice: await signIn("alice"), bob: await signIn("bob"), admin: await signIn("admin") }),
    signIn: (user) => identity.signIn(user),
    issueToken: (user, overrides) => identity.issueToken(user, overrides),
    allowSiteOrigin: (origin) => void origins.add(origin),
    stop,
  };
}

async function stopAll(services: { stop(): Promise<void> }[]): Promise<void> {
  for (const service of services.splice(0)) await service.stop();
}
