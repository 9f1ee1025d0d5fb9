/** Everything that a policy file imports: `import { definePolicy, route, anyone } from "headgate"`. */
export { all, any, anyone, claim, custom, login, not, owner, role, scope, signedIn } from "./lib/access.ts";
export type { Access, AccessView, CustomAccess } from "./lib/access.ts";
export { resource } from "./lib/resource.ts";
export { jsonSchema } from "./lib/schema.ts";
export { definePolicy, route } from "./policy/define.ts";
export type { PolicyInput, Route, RouteInput } from "./policy/define.ts";
export { compilePolicy } from "./policy/compile.ts";
export { PolicyError } from "./policy/policy-problem.ts";
export type { PolicyProblem } from "./policy/policy-problem.ts";
export { secret } from "./secrets/reference.ts";
