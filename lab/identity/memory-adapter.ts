import type { Adapter, AdapterPayload } from "oidc-provider";

type Stored = { readonly payload: AdapterPayload; readonly expiresAt: number };

/** Makes the storage of one identity provider: everything it knows is gone when it stops. */
export function createMemoryAdapter(): (model: string) => Adapter {
  const records = new Map<string, Stored>();
  return (model) => new MemoryAdapter(model, records);
}

class MemoryAdapter implements Adapter {
  readonly #model: string;
  readonly #records: Map<string, Stored>;

  constructor(model: string, records: Map<string, Stored>) {
    this.#model = model;
    this.#records = records;
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    const expiresAt = expiresIn === undefined ? Infinity : Date.now() + expiresIn * 1000;
    this.#records.set(this.#key(id), { payload, expiresAt });
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const stored = this.#records.get(this.#key(id));
    return stored !== undefined && stored.expiresAt > Date.now() ? stored.payload : undefined;
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.#search((payload) => payload.uid === uid);
  }

  async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return this.#search((payload) => payload.userCode === userCode);
  }

  async consume(id: string): Promise<void> {
    const stored = this.#records.get(this.#key(id));
    if (stored !== undefined) stored.payload.consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id: string): Promise<void> {
    this.#records.delete(this.#key(id));
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [key, stored] of this.#records) {
      if (key.startsWith(`${this.#model}:`) && stored.payload.grantId === grantId) this.#records.delete(key);
    }
  }

  #key(id: string): string {
    return `${this.#model}:${id}`;
  }

  #search(isWanted: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
    for (const [key, stored] of this.#records) {
      if (key.startsWith(`${this.#model}:`) && isWanted(stored.payload)) return stored.payload;
    }
    return undefined;
  }
}
