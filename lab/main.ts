import { startLab } from "./lab.ts";

const lab = await startLab();
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void lab.stop());

// Every line is shell, so that a reader can send this to a file and source it.
const { alice, bob, admin } = await lab.tokens();
const variables = {
  SHOP: lab.urls.storefront,
  ISSUER: lab.urls.identity,
  ALICE_ID: lab.users.alice,
  BOB_ID: lab.users.bob,
  ALICE: alice,
  BOB: bob,
  ADMIN: admin,
};
for (const [name, value] of Object.entries(variables)) process.stdout.write(`export ${name}=${value}\n`);
