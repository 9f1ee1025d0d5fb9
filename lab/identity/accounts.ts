import type { Database } from "../data/rows.ts";
import { hashPassword } from "../data/users.ts";

/** A user as the identity provider knows them. */
export type Account = { readonly id: string; readonly name: string; readonly email: string; readonly isAdmin: boolean };

/** Looks users up in the shop's database. */
export type Accounts = {
  find(id: string): Account | undefined;
  signIn(email: string, password: string): Account | undefined;
};

const customerScope = "openid profile email orders:read orders:write reviews:write profile:write";

/** Every scope that an access token for the shop's API may carry. */
export const fullScope = `${customerScope} admin`;

/** What an account may be granted. */
export function toScope(account: Account): string {
  return account.isAdmin ? fullScope : customerScope;
}

/** Reads accounts from the shop's database. */
export function createAccounts(database: Database): Accounts {
  const byId = database.prepare("select id, name, email, role from users where id = ?");
  const byPassword = database.prepare("select id, name, email, role from users where email = ? and passwordHash = ?");
  return {
    find: (id) => toAccount(byId.get(id)),
    signIn: (email, password) => toAccount(byPassword.get(email, hashPassword(password))),
  };
}

function toAccount(row: Record<string, unknown> | undefined): Account | undefined {
  if (row === undefined) return undefined;
  const { id, name, email, role } = row;
  return { id: String(id), name: String(name), email: String(email), isAdmin: role === "admin" };
}
