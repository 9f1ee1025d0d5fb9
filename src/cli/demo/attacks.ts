import { Agent, request } from "undici";

/** What the attacks need to know of the running demo. */
export interface DemoTargets {
  readonly bare: string;
  readonly gateway: string;
  readonly tokens: Readonly<Record<"alice" | "bob" | "admin", string>>;
  readonly users: Readonly<Record<"alice" | "bob" | "admin", string>>;
}

/** One thing that an attacker tries, and how to tell that it worked. */
interface Attack {
  readonly control: string;
  readonly title: string;
  readonly method?: "POST" | "PATCH" | "OPTIONS";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether the answer gives the attacker what was tried for. */
  succeeds(answer: Answer): boolean;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** What became of an attack at both doors. */
export interface AttackResult {
  readonly control: string;
  readonly title: string;
  readonly bare: { readonly status: number; readonly open: boolean };
  readonly gateway: { readonly status: number; readonly open: boolean };
}

/** Tries the same attacks on the bare stack and on the gateway in front of it. */
export async function tryAttacks(targets: DemoTargets): Promise<AttackResult[]> {
  // The development certificate was made a moment ago, by this very process, for this very connection.
  const agent = new Agent({ connect: { rejectUnauthorized: false } });
  try {
    const results: AttackResult[] = [];
    for (const attack of attacksOn(targets)) {
      const bare = await attempt(targets.bare, attack, agent);
      const gateway = await attempt(targets.gateway, attack, agent);
      results.push({
        control: attack.control,
        title: attack.title,
        bare: { status: bare.status, open: attack.succeeds(bare) },
        gateway: { status: gateway.status, open: attack.succeeds(gateway) },
      });
    }
    return results;
  } finally {
    await agent.close();
  }
}

async function attempt(origin: string, attack: Attack, dispatcher: Agent): Promise<Answer> {
  const { method = "GET", path, headers = {}, body } = attack;
  const answer = await request(origin + path, { dispatcher, method, headers, ...(body !== undefined && { body }) });
  return { status: answer.statusCode, headers: answer.headers, body: await answer.body.text() };
}

function attacksOn({ tokens, users }: DemoTargets): Attack[] {
  const asAlice = { authorization: `Bearer ${tokens.alice}` };
  const forged = [{ alg: "none" }, { sub: users.bob, exp: 1 }].map((part) =>
    Buffer.from(JSON.stringify(part)).toString("base64url"),
  );
  const json = { "content-type": "application/json" };
  return [
    {
      control: "api-access",
      title: "alice reads bob's orders",
      path: `/api/users/${users.bob}/orders`,
      headers: asAlice,
      succeeds: ({ body }) => body.includes(users.bob),
    },
    {
      control: "api-access",
      title: "a token that nobody signed",
      path: `/api/users/${users.bob}/orders`,
      headers: { authorization: `Bearer ${forged.join(".")}.` },
      succeeds: ({ body }) => body.includes(users.bob),
    },
    {
      control: "api-access",
      title: "alice lists all customers",
      path: "/api/admin/users",
      headers: asAlice,
      succeeds: ({ status }) => status === 200,
    },
    {
      control: "api-input",
      title: "alice raises her own credit limit",
      method: "PATCH",
      path: `/api/users/${users.alice}`,
      headers: { ...asAlice, ...json },
      body: '{"creditLimit":99999}',
      succeeds: ({ status, body }) => status === 200 && body.includes("99999"),
    },
    {
      control: "api-input",
      title: "SQL in the search field",
      path: `/api/search?q=${encodeURIComponent("zz' union select id, email, passwordHash, 1, 1 from users --")}`,
      succeeds: ({ body }) => body.includes("@shop.example"),
    },
    {
      control: "api-cors",
      title: "any site may read with the visitor's credentials",
      path: "/api/products?limit=1",
      headers: { origin: "https://evil.example" },
      succeeds: ({ headers }) => headers["access-control-allow-origin"] !== undefined,
    },
    {
      control: "api-error-leak",
      title: "stack trace and internal host names",
      path: "/api/crash",
      succeeds: ({ body }) => body.includes("at ") && body.includes("internal"),
    },
    {
      control: "api-token-exposure",
      title: "the CMS management token in a client script",
      path: "/assets/live-editor.js",
      succeeds: ({ body }) => body.includes("CFPAT-"),
    },
    {
      control: "api-graphql",
      title: "the whole schema, and anybody's data with it",
      method: "POST",
      path: "/graphql",
      headers: json,
      body: JSON.stringify({ query: "{__schema{types{name}} users{email}}" }),
      succeeds: ({ body }) => body.includes("@shop.example"),
    },
    {
      control: "frontend-ugc",
      title: "a script that was stored in an article",
      path: "/api/content/articles/summer-tables",
      succeeds: ({ body }) => body.includes("javascript:") || body.includes("<script>"),
    },
    {
      control: "frontend-csp",
      title: "a page in which every script runs",
      path: "/articles/summer-tables",
      succeeds: ({ headers }) => headers["content-security-policy"] === undefined,
    },
    {
      control: "frontend-bundle-secrets",
      title: "what a product costs the shop, in its page",
      path: "/products/d59d2a7e-fccb-5590-abf4-479b00126f73",
      succeeds: ({ body }) => body.includes("costPrice"),
    },
  ];
}
