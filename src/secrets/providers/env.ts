import { z } from "zod";
import { HeadgateError } from "../../lib/error.ts";
import { Secret } from "../secret.ts";
import { defineProvider } from "./provider.ts";

/** Secrets in the environment of the process: `env://COMMERCE_TOKEN`. */
export const env = defineProvider({
  name: "env",
  example: "env://COMMERCE_TOKEN",
  options: z.strictObject({}).prefault({}),
  judge({ path, field, version, stage }) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(path))
      return "the name of a variable is made of letters, digits and underscores";
    if (version !== undefined || stage !== undefined) return "variables have no versions";
    return field === undefined ? undefined : "variables have no fields; give the value a variable of its own";
  },
  create(_, { variables }) {
    return {
      async read({ path, name }) {
        const value = Object.hasOwn(variables, path) ? variables[path] : undefined;
        if (value === undefined)
          throw unresolved(`The variable ${path} is not set. Set it where the gateway is started.`);
        if (value === "") throw unresolved(`The variable ${path} is empty. An empty text is no secret.`);
        return { value: new Secret(name, value) };
      },
    };
  },
});

function unresolved(message: string): HeadgateError {
  return new HeadgateError("secret-unresolved", message);
}
