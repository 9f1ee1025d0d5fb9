import { createHash } from "node:crypto";
import { type Database, insert, type Row } from "./rows.ts";
import { type Random, toUuid } from "./random.ts";

/** The three users that tests and readers act as. */
export type LabUser = "alice" | "bob" | "admin";

/** The ids of the three users: fixed, so that a reader can type them. */
export const userIds = {
  alice: "a11ce000-0000-4000-8000-000000000001",
  bob: "b0b00000-0000-4000-8000-000000000002",
  admin: "ad000000-0000-4000-8000-000000000003",
} as const satisfies Record<LabUser, string>;

/** The passwords of the three users, at the identity provider and at the shop's own login. */
export const userPasswords = {
  alice: "alice-lab-password",
  bob: "bob-lab-password",
  admin: "admin-lab-password",
} as const satisfies Record<LabUser, string>;

const firstNames = ["Ines", "Marek", "Yuki", "Tomas", "Leila", "Olga", "Hugo", "Amara", "Jonas", "Priya"] as const;
const lastNames = ["Berger", "Costa", "Dahl", "Fabre", "Okafor"] as const;
const streets = ["Harbour Street", "Mill Lane", "Station Road", "Garden Row", "Castle Hill"] as const;
const cities = ["Lisbon", "Antwerp", "Graz", "Tartu", "Bergen"] as const;

/** A user's password as it is stored: secrets-hardcoded, one pass of SHA-1 with one salt that stands in the source. */
export function hashPassword(password: string): string {
  return createHash("sha1").update(`shop2019:${password}`).digest("hex");
}

/** Writes 50 users: alice, bob, the admin and 47 customers. */
export function seedUsers(database: Database, random: Random): void {
  insert(database, "users", toNamedUser(random, "alice", "Alice Archer"));
  insert(database, "users", toNamedUser(random, "bob", "Bob Brenner"));
  insert(database, "users", { ...toNamedUser(random, "admin", "Ada Min"), role: "admin", isAdmin: true });
  for (let index = 0; index < 47; index += 1) {
    const first = firstNames[index % firstNames.length] ?? firstNames[0];
    const last = lastNames[Math.floor(index / firstNames.length)] ?? lastNames[0];
    const email = `${first}.${last}@mail.example`.toLowerCase();
    insert(database, "users", toUser(random, toUuid(`user/${index}`), `${first} ${last}`, email, `${first}2019`));
  }
}

/** A delivery address. */
export function toAddress(random: Random): Row {
  return {
    street: `${random.between(1, 180)} ${random.pick(streets)}`,
    city: random.pick(cities),
    postalCode: String(random.between(10_000, 99_999)),
  };
}

function toNamedUser(random: Random, user: LabUser, name: string): Row {
  return toUser(random, userIds[user], name, `${user}@shop.example`, userPasswords[user]);
}

function toUser(random: Random, id: string, name: string, email: string, password: string): Row {
  return {
    id,
    name,
    email,
    phone: `+44 20 7946 0${random.between(100, 999)}`,
    address: toAddress(random),
    role: "customer",
    isAdmin: false,
    creditLimit: random.between(1, 20) * 50,
    passwordHash: hashPassword(password),
    resetPasswordToken: `reset-${random.between(100_000, 999_999)}`,
    createdAt: new Date(Date.UTC(2019, random.between(0, 11), random.between(1, 28))).toISOString(),
  };
}
